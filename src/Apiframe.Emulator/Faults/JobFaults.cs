namespace Apiframe.Emulator.Faults;

/// <summary>Lets jobs go wrong at the rates asked for.</summary>
internal sealed class JobFaults
{
    private readonly FaultDice<JobFault> _dice;
    private readonly FaultTally _tally;

    public JobFaults(FaultDice<JobFault> dice, FaultTally tally)
    {
        _dice = dice;
        _tally = tally;
    }

    /// <summary>What goes wrong with the nth job. To be asked once for each.</summary>
    public JobFault For(long ordinal)
    {
        if (_dice.Draw(ordinal) is not { } drawn)
        {
            return JobFault.None;
        }

        _tally.Played(drawn.Name);
        return drawn.Fault;
    }
}
