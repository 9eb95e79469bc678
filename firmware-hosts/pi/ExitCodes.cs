namespace EdgeDL.Pi;

/// <summary>What the process says to its caller.</summary>
static class ExitCodes
{
    public const int Ok = 0;
    public const int CheckFailed = 1;
    public const int Usage = 2;
    public const int ModelRejected = 4;
}
