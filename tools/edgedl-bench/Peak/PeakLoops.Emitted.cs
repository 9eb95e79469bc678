using EdgeDL.Kernels.Emit;
using EdgeDL.Kernels.MatMul;

namespace EdgeDL.Bench.Peak;

/// <summary>Instructions that .NET has no intrinsics for: accumulators enough for every pipe and
/// latency, operands in registers.</summary>
static unsafe class PeakLoopsEmitted
{
    const int StepBytes = 64;
    const int ZmmSums = 24;
    const int NeonSums = 20;

    /// <summary>Those of this processor; one where they can't be had runs nothing.</summary>
    public static PeakLoop[] Int8()
    {
        if (GemmS8.X86Vnni.IsSupported)
        {
            return [Make("vpdpbusd, 512 bits", ZmmSums * 16 * 4 * 2, DotBytes())];
        }

        return GemmS8.ArmI8mm.IsSupported
            ? [Make("smmla", NeonSums * 4 * 8 * 2, MatrixBytes())]
            : [];
    }

    static PeakLoop Make(string name, int operations, CodeBuffer code)
    {
        nint at = EmittedCode.Load(code);
        return new(name, at != 0, operations, StepBytes, (_, _, steps) =>
            ((delegate* unmanaged[SuppressGCTransition]<nint, void>)at)(steps));
    }

    // void loop(steps).
    static CodeBuffer DotBytes()
    {
        var a = new X64Assembler();
        for (int i = 0; i < 32; i++)
        {
            a.Vector(EvexForm.Xor, i, i, i);
        }

        a.Align(32);
        int top = a.Code.Position;
        for (int i = 0; i < ZmmSums; i++)
        {
            a.Vector(EvexForm.DotBytes, i, 30, 31);
        }

        a.Add(X64Register.Rdi, -1);
        a.Jump(X64Condition.NotEqual, top);
        a.Return();
        return a.Code;
    }

    static CodeBuffer MatrixBytes()
    {
        const int Steps = 0, Count = 1, Zero = 31;
        var a = new A64Assembler();
        a.Emit(A64Form.Add, Count, Zero, Zero);
        int top = a.Code.Position;
        for (int i = 0; i < NeonSums; i++)
        {
            // V8 to V15 are the caller's.
            a.Emit(A64Form.MatrixBytes, i < 6 ? i : 10 + i, 30, 31);
        }

        a.EmitOffset(A64Form.AddValue, Count, Count, 1);
        a.Compare(Count, Steps);
        a.Jump(A64Condition.NotEqual, top);
        a.Emit(A64Form.Return);
        return a.Code;
    }
}
