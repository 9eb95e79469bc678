using EdgeDL.Kernels.Emit;
using static EdgeDL.Kernels.Emit.X64Register;

namespace EdgeDL.Kernels.MatMul;

/// <summary>
/// Writes void tile(GemmTermsS8*) with vpdpbusd: 12 rows × 32 columns (or 16), and one row × 32.
/// Called as System V has it: terms in RDI; RBX, RBP and R12 to R15 are the caller's.
/// </summary>
static class GemmS8X64Code
{
    public const int Rows = 12;
    public const int Columns = 32;
    public const int Group = 4;

    const int ZmmBytes = 64;
    const int ZmmLanes = 16;

    /// <summary>One group of depths of all columns.</summary>
    const int PanelBytes = Columns * Group;
    const int StackBytes = 32;
    const X64Register Panel = Rax;
    const X64Register Depth = Rcx;
    const X64Register End = Rdx;

    // On the stack while every register is taken: the current tap, the last one's end, a tap's
    // bytes and the address of the sums.
    static X64Memory Tap => new(Rsp, 0);
    static X64Memory TapEnd => new(Rsp, 8);
    static X64Memory TapBytes => new(Rsp, 16);
    static X64Memory Sums => new(Rsp, 24);

    // Every register but the three above, RDI last because it holds the terms.
    static X64Register RowAt(int i) => i switch
    {
        0 => Rbx, 1 => Rbp, 2 => Rsi, 3 => R8, 4 => R9, 5 => R10,
        6 => R11, 7 => R12, 8 => R13, 9 => R14, 10 => R15, _ => Rdi,
    };

    static X64Register SavedAt(int i) => i switch
    {
        0 => Rbx, 1 => Rbp, 2 => R12, 3 => R13, 4 => R14, _ => R15,
    };

    /// <summary>Where each function begins.</summary>
    public readonly record struct Entries(int Xcr0, int Tile, int Half, int Line);

    public static Entries WriteAll(X64Assembler a)
    {
        int xcr0 = Align(a);
        EmitCpu.WriteXcr0(a);
        int tile = Align(a);
        WriteTile(a, 2);
        int half = Align(a);
        WriteTile(a, 1);
        int line = Align(a);
        WriteLine(a);
        return new Entries(xcr0, tile, half, line);
    }

    static int Align(X64Assembler a)
    {
        a.Align(64);
        return a.Code.Position;
    }

    /// <param name="a">Where to.</param>
    /// <param name="vectors">2 for all columns, 1 for the first half.</param>
    public static void WriteTile(X64Assembler a, int vectors)
    {
        for (int i = 0; i < 6; i++)
        {
            a.Push(SavedAt(i));
        }
        a.Add(Rsp, -StackBytes);
        WriteBias(a, vectors);
        LoadTaps(a);
        a.Integer(X64Form.Load, Depth, new X64Memory(Rdi, GemmTermsS8.RowsAt));
        for (int i = 0; i < Rows; i++)
        {
            a.Integer(X64Form.Load, RowAt(i), new X64Memory(Depth, 8 * i));
        }

        int tap = a.Code.Position;
        a.Integer(X64Form.Load, Depth, Tap);
        a.Integer(X64Form.Load, Depth, new X64Memory(Depth, 0));
        a.Integer(X64Form.Load, End, TapBytes);
        a.Integer(X64Form.Add, End, Depth);
        a.Align(32);
        int group = a.Code.Position;
        WriteGroup(a, vectors);
        a.Add(Panel, PanelBytes);
        a.Add(Depth, Group);
        a.Integer(X64Form.Compare, Depth, End);
        a.Jump(X64Condition.Less, group);
        a.Integer(X64Form.Load, Depth, Tap);
        a.Add(Depth, 8);
        a.Integer(X64Form.Store, Depth, Tap);
        a.Integer(X64Form.Compare, Depth, TapEnd);
        a.Jump(X64Condition.Below, tap);

        a.Integer(X64Form.Load, Depth, Sums);
        for (int i = 0; i < Rows * vectors; i++)
        {
            int to = (i / vectors * Columns + i % vectors * ZmmLanes) * sizeof(int);
            a.Vector(EvexForm.Store, i, new X64Memory(Depth, to));
        }
        a.Add(Rsp, StackBytes);
        for (int i = 5; i >= 0; i--)
        {
            a.Pop(SavedAt(i));
        }
        a.Return();
    }

    // ZMM i · vectors + j is row i, the j-th 16 columns; the weights follow, then what is read of
    // the rows, in turn.
    static void WriteGroup(X64Assembler a, int vectors)
    {
        int weights = Rows * vectors, inputs = weights + vectors;
        for (int j = 0; j < vectors; j++)
        {
            a.Vector(EvexForm.Load, weights + j, new X64Memory(Panel, j * ZmmBytes));
        }
        for (int i = 0; i < Rows; i++)
        {
            int x = inputs + i % 6;
            a.Vector(EvexForm.Broadcast, x, new X64Memory(RowAt(i), Depth, 0));
            for (int j = 0; j < vectors; j++)
            {
                a.Vector(EvexForm.DotBytes, i * vectors + j, x, weights + j);
            }
        }
    }

    // c[i, j] = bias[j] + offset[i].
    static void WriteBias(X64Assembler a, int vectors)
    {
        int bias = Rows * vectors;
        a.Integer(X64Form.Load, Rsi, new X64Memory(Rdi, GemmTermsS8.OffsetsAt));
        a.Integer(X64Form.Load, Rcx, new X64Memory(Rdi, GemmTermsS8.BiasAt));
        for (int j = 0; j < vectors; j++)
        {
            a.Vector(EvexForm.Load, bias + j, new X64Memory(Rcx, j * ZmmBytes));
        }
        for (int i = 0; i < Rows; i++)
        {
            int offset = i * vectors;
            a.Vector(EvexForm.Broadcast, offset, new X64Memory(Rsi, i * sizeof(int)));
            for (int j = vectors - 1; j >= 0; j--)
            {
                a.Vector(EvexForm.Add, offset + j, offset, bias + j);
            }
        }
    }

    static void LoadTaps(X64Assembler a)
    {
        a.Integer(X64Form.Load, Rcx, new X64Memory(Rdi, GemmTermsS8.TapsAt));
        a.Integer(X64Form.Store, Rcx, Tap);
        a.Integer(X64Form.Load32, Rax, new X64Memory(Rdi, GemmTermsS8.TapCountAt));
        a.ShiftLeft(Rax, 3);
        a.Integer(X64Form.Add, Rcx, Rax);
        a.Integer(X64Form.Store, Rcx, TapEnd);
        a.Integer(X64Form.Load32, Rax, new X64Memory(Rdi, GemmTermsS8.DepthAt));
        a.Integer(X64Form.Store, Rax, TapBytes);
        a.Integer(X64Form.Load, Rax, new X64Memory(Rdi, GemmTermsS8.SumsAt));
        a.Integer(X64Form.Store, Rax, Sums);
        a.Integer(X64Form.Load, Panel, new X64Memory(Rdi, GemmTermsS8.PanelAt));
    }

    /// <summary>One row: four groups of depths at a time in accumulators of their own, so that no
    /// sum waits for the one before it.</summary>
    public static void WriteLine(X64Assembler a)
    {
        const int Chains = 4, Vectors = 2, Input = Chains * Vectors;
        const X64Register Row = Rsi, At = R8, Last = R9, Bytes = R10, Next = R11;
        a.Integer(X64Form.Load, Rcx, new X64Memory(Rdi, GemmTermsS8.OffsetsAt));
        a.Vector(EvexForm.Broadcast, 0, new X64Memory(Rcx, 0));
        a.Integer(X64Form.Load, Rcx, new X64Memory(Rdi, GemmTermsS8.BiasAt));
        a.Vector(EvexForm.Add, 1, 0, new X64Memory(Rcx, ZmmBytes));
        a.Vector(EvexForm.Add, 0, 0, new X64Memory(Rcx, 0));
        for (int i = Vectors; i < Chains * Vectors; i++)
        {
            a.Vector(EvexForm.Xor, i, i, i);
        }
        a.Integer(X64Form.Load, Row, new X64Memory(Rdi, GemmTermsS8.RowsAt));
        a.Integer(X64Form.Load, Row, new X64Memory(Row, 0));
        a.Integer(X64Form.Load, At, new X64Memory(Rdi, GemmTermsS8.TapsAt));
        a.Integer(X64Form.Load32, Last, new X64Memory(Rdi, GemmTermsS8.TapCountAt));
        a.ShiftLeft(Last, 3);
        a.Integer(X64Form.Add, Last, At);
        a.Integer(X64Form.Load32, Bytes, new X64Memory(Rdi, GemmTermsS8.DepthAt));
        a.Integer(X64Form.Load, Panel, new X64Memory(Rdi, GemmTermsS8.PanelAt));

        int tap = a.Code.Position;
        a.Integer(X64Form.Load, Depth, new X64Memory(At, 0));
        a.Integer(X64Form.Address, End, new X64Memory(Depth, Bytes, 0));
        int wide = a.Code.Position;
        a.Integer(X64Form.Address, Next, new X64Memory(Depth, Chains * Group));
        a.Integer(X64Form.Compare, Next, End);
        int narrow = a.JumpForward(X64Condition.Greater);
        for (int i = 0; i < Chains; i++)
        {
            WriteLineGroup(a, Row, i, Input + i);
        }
        a.Add(Panel, Chains * PanelBytes);
        a.Integer(X64Form.Address, Depth, new X64Memory(Next, 0));
        a.Jump(wide);
        a.Land(narrow);
        int rest = a.Code.Position;
        a.Integer(X64Form.Compare, Depth, End);
        int done = a.JumpForward(X64Condition.GreaterOrEqual);
        WriteLineGroup(a, Row, 0, Input);
        a.Add(Panel, PanelBytes);
        a.Add(Depth, Group);
        a.Jump(rest);
        a.Land(done);
        a.Add(At, 8);
        a.Integer(X64Form.Compare, At, Last);
        a.Jump(X64Condition.Below, tap);

        for (int i = Vectors; i < Chains * Vectors; i++)
        {
            a.Vector(EvexForm.Add, i % Vectors, i % Vectors, i);
        }
        a.Integer(X64Form.Load, Rcx, new X64Memory(Rdi, GemmTermsS8.SumsAt));
        a.Vector(EvexForm.Store, 0, new X64Memory(Rcx, 0));
        a.Vector(EvexForm.Store, 1, new X64Memory(Rcx, ZmmBytes));
        a.Return();
    }

    static void WriteLineGroup(X64Assembler a, X64Register row, int chain, int x)
    {
        a.Vector(EvexForm.Broadcast, x, new X64Memory(row, Depth, chain * Group));
        for (int j = 0; j < 2; j++)
        {
            var weights = new X64Memory(Panel, chain * PanelBytes + j * ZmmBytes);
            a.Vector(EvexForm.DotBytes, 2 * chain + j, x, weights);
        }
    }
}
