using EdgeDL.Kernels.Movement;
using EdgeDL.Testing;

namespace EdgeDL.Kernels.Tests.Movement;

public sealed unsafe class Transpose2DTests
{
    public static TheoryData<int, string> Rows()
    {
        var data = new TheoryData<int, string>();
        foreach (int size in (int[])[1, 2, 4, 8])
        {
            foreach (Transpose2D.Row row in Transpose2D.Rows(size).Where(r => r.IsSupported))
            {
                data.Add(size, row.Name);
            }
        }

        return data;
    }

    [Theory, MemberData(nameof(Rows))]
    public void Every_row_transposes_every_shape_inside_its_memory(int size, string name)
    {
        Transpose2D.Row row = Transpose2D.Rows(size).Single(r => r.Name == name);
        foreach (int rows in (int[])[0, 1, 2, 3, 7, 8, 15, 16, 17, 33])
        {
            foreach (int columns in (int[])[1, 2, 5, 8, 16, 31, 32, 35])
            {
                foreach (Guard guard in Enum.GetValues<Guard>())
                {
                    Run(row, size, rows, columns, guard);
                }
            }
        }
    }

    static void Run(Transpose2D.Row row, int size, int rows, int columns, Guard guard)
    {
        using var x = new GuardedMemory<byte>(rows * columns * size, guard);
        using var y = new GuardedMemory<byte>(rows * columns * size, guard);
        Fill.Write(x.Span, 1, Pattern.Random);
        row.Run(x.Pointer, columns * size, y.Pointer, rows * size, rows, columns);
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                Check.Same<byte>(
                    x.Span.Slice(((r * columns) + c) * size, size),
                    y.Span.Slice(((c * rows) + r) * size, size),
                    $"{row} {rows}x{columns} at {r},{c}");
            }
        }
    }
}
