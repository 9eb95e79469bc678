using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y [N,H,W,O] = the results of a graph, patch by patch: for each place in y the graph gets a
/// window of x and the patch's origin (row and column in y, two Int32), and gives one patch. So
/// what lies between x and y exists one patch at a time (Lin et al., "MCUNetV2: Memory-Efficient
/// Patch-based Inference for Tiny Deep Learning", 2021). All patches have one shape: the last of a
/// row or column moves inwards and computes some of its neighbour again.
/// </summary>
public sealed class Patches(
    int graph, int height, int width, PatchAxis rows, PatchAxis columns, BorderFill fill)
    : Op, IOp<Patches>
{
    public static OpCode Code => OpCode.Patches;

    public override OpCode OpCode => Code;

    /// <summary>The graph: (window, origin) → patch.</summary>
    public int Graph => graph;

    /// <summary>Where a patch's window lies along the height of x.</summary>
    public PatchAxis Rows => rows;

    /// <summary>Where a patch's window lies along the width of x.</summary>
    public PatchAxis Columns => columns;

    /// <summary>What the window holds beyond the edges of x.</summary>
    public BorderFill Fill => fill;

    public static Patches Read(ref AttributeReader a) => new(
        a.Int(), a.Int(1, int.MaxValue), a.Int(1, int.MaxValue), PatchAxis.Read(ref a),
        PatchAxis.Read(ref a), (BorderFill)a.Enum(BorderFills.Count));

    public override void Write(ref AttributeWriter a)
    {
        a.Int(graph);
        a.Int(height);
        a.Int(width);
        rows.Write(ref a);
        columns.Write(ref a);
        a.Byte((byte)fill);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = c.Input(0);
        BorderFills.Check(c, x);
        Graph called = c.Subgraph(graph);
        if (called.Inputs.Count != 2 || called.Outputs.Count != 1)
        {
            c.Fail($"calls '{called.Name}' with a window and an origin for one patch, it takes "
                + $"{called.Inputs.Count} inputs and gives {called.Outputs.Count} outputs");
        }

        Value window = called.Values[called.Inputs[0]];
        Value origin = called.Values[called.Inputs[1]];
        Value patch = called.Values[called.Outputs[0]];
        CheckOrigin(c, origin.DType, origin.Shape);
        Shape w = window.Shape;
        Shape p = patch.Shape;
        if (window.DType != x.DType || w.Rank != 4 || w.Elements == 0 || w[0] != x.Shape[0]
            || w[3] != x.Shape[3] || !Quantization.Same(window.Quant, x.Quant))
        {
            c.Fail($"cuts windows {window.DType} {w} from {x.DType} {x.Shape}");
        }

        if (p.Rank != 4 || p.Elements == 0 || p[0] != w[0] || p[1] > height || p[2] > width
            || patch.DType is not (DType.Float32 or DType.Int8 or DType.UInt8 or DType.Int16)
            || !Quantization.Same(patch.Quant, c.OutputQuant(0)))
        {
            c.Fail($"'{called.Name}' gives {patch.DType} {p}, which is no patch of "
                + $"{height}x{width}");
        }

        int[] dims = [p[0], height, width, p[3]];
        if (Shape.Problem(dims) is { } problem)
        {
            c.Fail(problem);
        }

        c.SetOutput(0, patch.DType, new Shape(dims));
        c.Runs((long)Count(height, p[1]) * Count(width, p[2]));
    }

    public override Step? Prepare(PrepareContext c) =>
        new PatchesStep(c, this, c.Subgraph(graph));

    /// <summary>Throws unless a value can hold the place of a patch.</summary>
    internal static void CheckOrigin(InferContext c, DType type, in Shape shape)
    {
        if (type != DType.Int32 || shape != new Shape(2))
        {
            c.Fail($"a patch's origin is Int32 2, not {type} {shape}");
        }
    }

    static int Count(int extent, int patch) => (int)(((long)extent + patch - 1) / patch);

    sealed unsafe class PatchesStep(PrepareContext c, Patches op, Subgraph called) : Step
    {
        readonly TensorView x = c.Input(0);
        readonly TensorView y = c.Output(0);
        readonly TensorView window = called.Inputs[0];
        readonly int* origin = (int*)called.Inputs[1].Data;
        readonly TensorView patch = called.Outputs[0];
        readonly byte* element = BorderFills.Element(c, c.Input(0), op.Fill);

        public override void Run()
        {
            EndsRun = false;
            int down = Count(y.Shape[1], patch.Shape[1]);
            int across = Count(y.Shape[2], patch.Shape[2]);
            for (int i = 0; i < down; i++)
            {
                int row = Math.Min(i * patch.Shape[1], y.Shape[1] - patch.Shape[1]);
                for (int j = 0; j < across; j++)
                {
                    int column = Math.Min(j * patch.Shape[2], y.Shape[2] - patch.Shape[2]);
                    origin[0] = row;
                    origin[1] = column;
                    CutWindow(op.Rows.Start(row), op.Columns.Start(column));
                    if (!called.Run())
                    {
                        EndsRun = true;
                        return;
                    }

                    PutPatch(row, column);
                }
            }
        }

        void CutWindow(long top, long left)
        {
            int pixel = x.Shape[3] * x.DType.Size();
            int width = window.Shape[2];
            int first = (int)Math.Clamp(-left, 0, width);
            int end = (int)Math.Clamp(x.Shape[2] - left, first, width);
            byte* to = window.Data;
            for (int n = 0; n < x.Shape[0]; n++)
            {
                for (int row = 0; row < window.Shape[1]; row++, to += (long)width * pixel)
                {
                    long from = top + row;
                    bool isInside = from >= 0 && from < x.Shape[1] && first < end;
                    int begin = isInside ? first : width;
                    Put(to, begin);
                    if (isInside)
                    {
                        long at = (((n * (long)x.Shape[1]) + from) * x.Shape[2]) + left + first;
                        long bytes = (long)(end - first) * pixel;
                        Buffer.MemoryCopy(
                            x.Data + (at * pixel), to + ((long)first * pixel), bytes, bytes);
                        Put(to + ((long)end * pixel), width - end);
                    }
                }
            }
        }

        void Put(byte* to, int pixels) =>
            FillElements.Run(to, pixels * x.Shape[3], element, x.DType.Size());

        void PutPatch(int row, int column)
        {
            long pixel = y.Shape[3] * (long)y.DType.Size();
            long bytes = patch.Shape[2] * pixel;
            byte* from = patch.Data;
            for (int n = 0; n < y.Shape[0]; n++)
            {
                for (int r = 0; r < patch.Shape[1]; r++, from += bytes)
                {
                    long at = (((n * (long)y.Shape[1]) + row + r) * y.Shape[2]) + column;
                    Buffer.MemoryCopy(from, y.Data + (at * pixel), bytes, bytes);
                }
            }
        }
    }
}
