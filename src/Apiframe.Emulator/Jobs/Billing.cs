namespace Apiframe.Emulator.Jobs;

/// <summary>What has been made and paid for at one moment.</summary>
internal readonly struct Billing
{
    public Billing(long jobsAccepted, long imagesBilled, long creditsBilled, long balance)
    {
        JobsAccepted = jobsAccepted;
        ImagesBilled = imagesBilled;
        CreditsBilled = creditsBilled;
        Balance = balance;
    }

    public long JobsAccepted { get; }

    public long ImagesBilled { get; }

    public long CreditsBilled { get; }

    public long Balance { get; }
}
