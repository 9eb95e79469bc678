namespace EdgeDL.Kernels.Emit;

/// <summary>Whether kernels are made of machine code written while loading.</summary>
public enum EmitState
{
    /// <summary>Nothing asked for it: this processor lacks the instructions.</summary>
    Unused,

    /// <summary>EDGEDL_NO_EMIT=1.</summary>
    TurnedOff,

    /// <summary>The kernel grants no executable memory; the next rows serve.</summary>
    Refused,

    Ready,
}

/// <summary>Instructions that .NET has no intrinsics for: machine code, written once when a
/// process first asks for a kernel row that needs it, and kept as long as the process.</summary>
public static class EmittedCode
{
    /// <summary>What has come of it so far.</summary>
    public static EmitState State { get; private set; }

    /// <summary>Whether this process would get executable memory.</summary>
    public static bool IsMemoryGranted => CodeMemory.IsGranted(new SystemCodePages());

    public static bool IsTurnedOff =>
        Environment.GetEnvironmentVariable("EDGEDL_NO_EMIT") == "1";

    /// <summary>The code's address, or 0: turned off or refused.</summary>
    internal static nint Load(CodeBuffer code)
    {
        if (IsTurnedOff)
        {
            State = EmitState.TurnedOff;
            return 0;
        }
        nint at = CodeMemory.Load(code.Bytes, new SystemCodePages());
        State = at == 0 ? EmitState.Refused : EmitState.Ready;
        return at;
    }
}
