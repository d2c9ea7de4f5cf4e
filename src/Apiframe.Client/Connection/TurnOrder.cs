namespace Apiframe.Client.Connection;

/// <summary>Who has the next turn where calls wait: submissions go first, but not all of them before a call of another kind. Pure; used under the lock of a gate.</summary>
internal sealed class TurnOrder
{
    /// <summary>How many submissions go before a status request that waits: some of those must pass, or a long batch would end without one look at its jobs.</summary>
    private const int MostBeforeOthers = 9;

    private int _waitingFirst;
    private int _waitingOthers;
    private int _firstInARow;

    /// <summary>Takes in that a call begins to wait, with 1, or ends to wait, with -1.</summary>
    public void Count(bool goesFirst, int change) => _ = goesFirst ? _waitingFirst += change : _waitingOthers += change;

    /// <summary>Takes the turn for a call that waits.</summary>
    /// <returns>False if it is the turn of a call of the other kind that waits too.</returns>
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
