namespace Apiframe.Client.Connection;

/// <summary>
/// Decides which waiting call has the next turn. Submissions precede other calls, but a limited number in a row. Pure, and used under the lock of a gate.
/// </summary>
internal sealed class TurnOrder
{
    /// <summary>
    /// The number of submissions in a row while a status request waits. Without this limit, no status would be requested during a long batch.
    /// </summary>
    private const int MostBeforeOthers = 9;

    private int _waitingFirst;
    private int _waitingOthers;
    private int _firstInARow;

    /// <summary>Records that a call begins to wait (1) or ends to wait (-1).</summary>
    public void Count(bool goesFirst, int change) => _ = goesFirst ? _waitingFirst += change : _waitingOthers += change;

    /// <summary>Takes the turn for a waiting call.</summary>
    /// <returns>False if a waiting call of the other kind has the turn.</returns>
    public bool TryTake(bool goesFirst)
    {
        bool othersAreDue = _firstInARow >= MostBeforeOthers;
        if (goesFirst ? othersAreDue && _waitingOthers > 0 : !othersAreDue && _waitingFirst > 0)
        {
            return false;
        }

        _firstInARow = goesFirst ? _firstInARow + 1 : 0;
        return true;
    }
}
