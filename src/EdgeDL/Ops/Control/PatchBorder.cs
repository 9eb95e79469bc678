using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = x, a window of a larger tensor, with everything that lies beyond that tensor's edges
/// replaced: what a layer with padding must see there. Input 1 is the patch's origin, two Int32 as
/// <see cref="Patches"/> gives them; height and width are the larger tensor's.
/// </summary>
public sealed class PatchBorder(
    PatchAxis rows, PatchAxis columns, int height, int width, BorderFill fill)
    : Op, IOp<PatchBorder>
{
    public static OpCode Code => OpCode.PatchBorder;

    public override OpCode OpCode => Code;

    /// <summary>Where the window lies along the height.</summary>
    public PatchAxis Rows => rows;

    /// <summary>Where the window lies along the width.</summary>
    public PatchAxis Columns => columns;

    /// <summary>The larger tensor's height.</summary>
    public int Height => height;

    /// <summary>The larger tensor's width.</summary>
    public int Width => width;

    /// <summary>What stands beyond its edges.</summary>
    public BorderFill Fill => fill;

    public static PatchBorder Read(ref AttributeReader a) => new(
        PatchAxis.Read(ref a), PatchAxis.Read(ref a), a.Int(1, int.MaxValue),
        a.Int(1, int.MaxValue), (BorderFill)a.Enum(BorderFills.Count));

    public override void Write(ref AttributeWriter a)
    {
        rows.Write(ref a);
        columns.Write(ref a);
        a.Int(height);
        a.Int(width);
        a.Byte((byte)fill);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 2, outputs: 1);
        InferInput x = c.Input(0);
        BorderFills.Check(c, x);
        Patches.CheckOrigin(c, c.Input(1).DType, c.Input(1).Shape);
        Quantizations.RequireSame(c);
        c.SetOutput(0, x.DType, x.Shape);
        c.InPlace(output: 0, input: 0);
    }

    public override Step? Prepare(PrepareContext c) => new BorderStep(c, this);

    sealed unsafe class BorderStep(PrepareContext c, PatchBorder op) : Step
    {
        readonly TensorView x = c.Input(0);
        readonly TensorView y = c.Output(0);
        readonly int* origin = (int*)c.Input(1).Data;
        readonly byte* element = BorderFills.Element(c, c.Input(0), op.Fill);

        public override void Run()
        {
            if (x.Data != y.Data)
            {
                Buffer.MemoryCopy(x.Data, y.Data, y.Bytes, x.Bytes);
            }

            // Other nodes may write the origin: every place is clamped into the window.
            int h = y.Shape[1];
            int w = y.Shape[2];
            (int top, int bottom) = Inside(op.Rows.Start(origin[0]), op.Height, h);
            (int left, int right) = Inside(op.Columns.Start(origin[1]), op.Width, w);
            if (top == 0 && bottom == h && left == 0 && right == w)
            {
                return;
            }

            for (int n = 0; n < y.Shape[0]; n++)
            {
                Put(n, 0, top * w);
                for (int row = top; row < bottom; row++)
                {
                    Put(n, row * w, left);
                    Put(n, (row * w) + right, w - right);
                }

                Put(n, bottom * w, (h - bottom) * w);
            }
        }

        static (int First, int End) Inside(long start, int extent, int window)
        {
            int first = (int)Math.Clamp(-start, 0, window);
            return (first, (int)Math.Clamp(extent - start, first, window));
        }

        void Put(int n, int pixel, int pixels)
        {
            int channels = y.Shape[3];
            int size = y.DType.Size();
            long at = ((long)n * y.Shape[1] * y.Shape[2]) + pixel;
            FillElements.Run(
                y.Data + (at * channels * size), pixels * channels, element, size);
        }
    }
}
