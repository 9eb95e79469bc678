using System.Runtime.InteropServices;

namespace EdgeDL.Kernels.Emit;

/// <summary>Turns bytes into functions. Memory is writable first and executable then, never both.
/// </summary>
static unsafe class CodeMemory
{
    // No line of a cache is shorter.
    const int LineBytes = 16;

    /// <summary>The address of the code; 0 if the kernel refuses executable memory.</summary>
    public static nint Load(ReadOnlySpan<byte> code, ICodePages pages)
    {
        bool isArm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
        CodeBuffer all = isArm ? CacheFlush() : new CodeBuffer();
        int start = (all.Position + 63) & ~63;
        nuint bytes = (nuint)(start + code.Length);
        nint at = pages.Map(bytes);
        if (at == 0)
        {
            return 0;
        }
        all.Bytes.CopyTo(new Span<byte>((void*)at, all.Position));
        code.CopyTo(new Span<byte>((void*)(at + start), code.Length));
        if (!pages.MakeExecutable(at, bytes))
        {
            pages.Unmap(at, bytes);
            return 0;
        }
        if (isArm)
        {
            // The kernel makes caches agree when pages first become executable: enough for this
            // function, which then does it for all of them as the architecture asks.
            ((delegate* unmanaged[SuppressGCTransition]<nint, nint, void>)at)(
                at & -LineBytes, at + (nint)bytes);
        }
        return at + start;
    }

    /// <summary>True if this process gets executable memory.</summary>
    public static bool IsGranted(ICodePages pages)
    {
        nint at = pages.Map(1);
        bool granted = at != 0 && pages.MakeExecutable(at, 1);
        if (at != 0)
        {
            pages.Unmap(at, 1);
        }
        return granted;
    }

    /// <summary>void flush(from, end), Arm ARM B2.7.4.3, "Synchronization and coherency issues
    /// between data and instruction accesses": DC CVAU, DSB, IC IVAU, DSB, ISB.</summary>
    internal static CodeBuffer CacheFlush()
    {
        const int From = 0, End = 1, Line = 2;
        var a = new A64Assembler();
        a.EmitOffset(A64Form.AddValue, Line, From, 0);
        int clean = a.Code.Position;
        a.Emit(A64Form.CleanData, Line);
        a.EmitOffset(A64Form.AddValue, Line, Line, LineBytes);
        a.Compare(Line, End);
        a.Jump(A64Condition.Low, clean);
        a.Emit(A64Form.DataBarrier);
        int forget = a.Code.Position;
        a.Emit(A64Form.ForgetCode, From);
        a.EmitOffset(A64Form.AddValue, From, From, LineBytes);
        a.Compare(From, End);
        a.Jump(A64Condition.Low, forget);
        a.Emit(A64Form.DataBarrier);
        a.Emit(A64Form.CodeBarrier);
        a.Emit(A64Form.Return);
        return a.Code;
    }
}
