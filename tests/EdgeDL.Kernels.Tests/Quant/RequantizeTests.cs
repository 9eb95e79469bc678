using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.Tests.Quant;

public sealed class RequantizeTests
{
    public static TheoryData<string> Kernels()
    {
        var names = new TheoryData<string>();
        foreach (var row in Requantize.Rows())
        {
            if (row.IsSupported)
            {
                names.Add(row.Name);
            }
        }
        return names;
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Every_row_equals_exact_arithmetic_at_every_length(string kernel)
    {
        var row = Requantize.Rows().First(r => r.Name == kernel);
        var random = new Random(1);
        Requantize.Range[] ranges =
        [
            new(0, -128, 127), new(-128, -128, 127), new(127, -20, 127), new(128, 0, 255),
            new(3, 3, 9),
        ];
        for (int n = 0; n <= 70; n++)
        {
            foreach (var range in ranges)
            {
                var acc = new int[n];
                var scale = new float[n];
                for (int i = 0; i < n; i++)
                {
                    acc[i] = random.Next(8) switch
                    {
                        0 => int.MinValue,
                        1 => int.MaxValue,
                        2 => 2 * random.Next(-200, 200) + 1, // halves, with scale ½
                        _ => random.Next(-40000, 40000),
                    };
                    scale[i] = random.Next(3) == 0 ? 0.5f : random.NextSingle() * 0.01f;
                }
                var y = new byte[n];
                row.Run(acc, scale, range, y);
                for (int i = 0; i < n; i++)
                {
                    Assert.Equal((byte)Exact(acc[i], scale[i], range), y[i]);
                }
            }
        }
    }

    static int Exact(int acc, float scale, Requantize.Range range)
    {
        // The float product is the definition; everything after it is exact in double.
        double rounded = Math.Round((double)((float)acc * scale), MidpointRounding.ToEven);
        return (int)Math.Clamp(rounded + range.Zero, range.Min, range.Max);
    }
}
