using EdgeDL.Kernels.Emit;

namespace EdgeDL.Kernels.MatMul;

/// <summary>
/// Writes void tile(GemmTermsS8*) with smmla: 8 rows × 8 columns (or 4), two of each an
/// instruction. Called as AAPCS64 has it: terms in X0; V8 to V11 are the caller's.
/// </summary>
static class GemmS8A64Code
{
    public const int Rows = 8;
    public const int Columns = 8;
    public const int Group = 8;

    const int PanelBytes = Columns * Group;
    const int QBytes = 16;
    const int Sp = A64Assembler.StackPointer;

    // General registers; X1 to X8 are the rows.
    const int Terms = 0, Panel = 9, Depth = 10, End = 11, Tap = 12, LastTap = 13, Bytes = 14;
    const int Next = 15, Sums = 16;

    // Vector registers. Sums are above 15; V0 to V8 hold pairs of rows; the weights go around in
    // those below.
    const int FirstSum = 16;

    static int WeightAt(int i) => i switch { 0 => 6, 1 => 9, 2 => 10, _ => 11 };

    // Rows 2i and 2i + 1, eight depths of each; the second eight of a load of sixteen.
    static int PairAt(int i) => i switch { 0 => 8, 1 => 0, 2 => 2, _ => 4 };

    static int SecondPairAt(int i) => 2 * i + 1;

    static int SumAt(int rows, int columns) => FirstSum + 4 * rows + columns;

    /// <param name="a">Where to.</param>
    /// <param name="pairs">Pairs of columns: 4 for all, 2 for the first half.</param>
    public static void WriteTile(A64Assembler a, int pairs)
    {
        a.EmitPair(A64Form.PushPair, 8, 9, Sp, -2 * QBytes);
        a.EmitPair(A64Form.StorePair, 10, 11, Sp, QBytes);
        WriteBias(a, pairs);
        LoadTerms(a);

        int tap = a.Code.Position;
        a.EmitOffset(A64Form.LoadX, Depth, Tap, 0);
        a.EmitOffset(A64Form.AddValue, Tap, Tap, 8);
        a.Emit(A64Form.Add, End, Depth, Bytes);
        int wide = a.Code.Position;
        a.EmitOffset(A64Form.AddValue, Next, Depth, 2 * Group);
        a.Compare(Next, End);
        int narrow = a.JumpForward(A64Condition.Greater);
        WriteSixteen(a, pairs);
        a.EmitOffset(A64Form.AddValue, Panel, Panel, 2 * PanelBytes);
        a.EmitOffset(A64Form.AddValue, Depth, Next, 0);
        a.Jump(wide);
        a.Land(narrow);
        a.Compare(Depth, End);
        int done = a.JumpForward(A64Condition.GreaterOrEqual);
        WriteEight(a, pairs);
        a.EmitOffset(A64Form.AddValue, Panel, Panel, PanelBytes);
        a.Land(done);
        a.Compare(Tap, LastTap);
        a.Jump(A64Condition.Low, tap);

        WriteSums(a, pairs);
        a.EmitPair(A64Form.LoadPair, 10, 11, Sp, QBytes);
        a.EmitPair(A64Form.PopPair, 8, 9, Sp, 2 * QBytes);
        a.Emit(A64Form.Return);
    }

    // Lanes of a sum: (row, column), (row, column + 1), (row + 1, column), (row + 1, column + 1).
    static void WriteBias(A64Assembler a, int pairs)
    {
        const int Bias = 9, Offsets = 10, Offset = 4;
        a.EmitOffset(A64Form.LoadX, Bias, Terms, GemmTermsS8.BiasAt);
        a.EmitOffset(A64Form.LoadX, Offsets, Terms, GemmTermsS8.OffsetsAt);
        for (int j = 0; j < pairs; j += 2)
        {
            a.EmitOffset(A64Form.LoadQ, Offset, Bias, j / 2 * QBytes);
            a.Emit(A64Form.RepeatLow, j, Offset);
            a.Emit(A64Form.RepeatHigh, j + 1, Offset);
        }
        for (int i = 0; i < Rows / 2; i++)
        {
            a.EmitOffset(A64Form.LoadD, Offset, Offsets, 2 * i * sizeof(int));
            a.Emit(A64Form.Interleave, Offset, Offset, Offset);
            for (int j = 0; j < pairs; j++)
            {
                a.Emit(A64Form.AddLanes, SumAt(i, j), Offset, j);
            }
        }
    }

    static void LoadTerms(A64Assembler a)
    {
        a.EmitOffset(A64Form.LoadX, Tap, Terms, GemmTermsS8.TapsAt);
        a.EmitOffset(A64Form.LoadW, LastTap, Terms, GemmTermsS8.TapCountAt);
        a.Emit(A64Form.AddEights, LastTap, Tap, LastTap);
        a.EmitOffset(A64Form.LoadW, Bytes, Terms, GemmTermsS8.DepthAt);
        a.EmitOffset(A64Form.LoadX, Panel, Terms, GemmTermsS8.PanelAt);
        a.EmitOffset(A64Form.LoadX, Sums, Terms, GemmTermsS8.SumsAt);
        a.EmitOffset(A64Form.LoadX, Next, Terms, GemmTermsS8.RowsAt);
        for (int i = 0; i < Rows; i++)
        {
            a.EmitOffset(A64Form.LoadX, 1 + i, Next, 8 * i);
        }
    }

    static void WriteSixteen(A64Assembler a, int pairs)
    {
        for (int i = 0; i < Rows; i++)
        {
            a.Emit(A64Form.LoadQAt, i, 1 + i, Depth);
        }
        for (int i = 0; i < Rows / 2; i++)
        {
            // Row 2i is free after both: the next pair's lower halves go there.
            a.Emit(A64Form.LowHalves, PairAt(i), 2 * i, 2 * i + 1);
            a.Emit(A64Form.HighHalves, SecondPairAt(i), 2 * i, 2 * i + 1);
        }
        WriteProducts(a, pairs, 0, PairAt);
        WriteProducts(a, pairs, PanelBytes, SecondPairAt);
    }

    static void WriteEight(A64Assembler a, int pairs)
    {
        for (int i = 0; i < Rows; i++)
        {
            a.Emit(A64Form.LoadDAt, i, 1 + i, Depth);
        }
        for (int i = 0; i < Rows / 2; i++)
        {
            a.Emit(A64Form.LowHalves, PairAt(i), 2 * i, 2 * i + 1);
        }
        WriteProducts(a, pairs, 0, PairAt);
    }

    static void WriteProducts(A64Assembler a, int pairs, int from, Func<int, int> rowsAt)
    {
        for (int j = 0; j < pairs; j++)
        {
            a.EmitOffset(A64Form.LoadQ, WeightAt(j), Panel, from + j * QBytes);
        }
        for (int j = 0; j < pairs; j++)
        {
            for (int i = 0; i < Rows / 2; i++)
            {
                a.Emit(A64Form.MatrixBytes, SumAt(i, j), rowsAt(i), WeightAt(j));
            }
        }
    }

    static void WriteSums(A64Assembler a, int pairs)
    {
        for (int i = 0; i < Rows / 2; i++)
        {
            for (int j = 0; j < pairs; j += 2)
            {
                int row = (2 * i * Columns + 2 * j) * sizeof(int);
                a.Emit(A64Form.LowHalves, 0, SumAt(i, j), SumAt(i, j + 1));
                a.Emit(A64Form.HighHalves, 1, SumAt(i, j), SumAt(i, j + 1));
                a.EmitOffset(A64Form.StoreQ, 0, Sums, row);
                a.EmitOffset(A64Form.StoreQ, 1, Sums, row + Columns * sizeof(int));
            }
        }
    }
}
