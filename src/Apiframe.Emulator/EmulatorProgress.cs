namespace Apiframe.Emulator;

/// <summary>What running jobs say of their progress.</summary>
public enum EmulatorProgress
{
    /// <summary>1 to 99, rising evenly.</summary>
    Fine,

    /// <summary>In steps of 25.</summary>
    Coarse,

    /// <summary>Stays at 37 once it got there.</summary>
    Stuck,

    /// <summary>0 until the job has ended.</summary>
    Zero,
}
