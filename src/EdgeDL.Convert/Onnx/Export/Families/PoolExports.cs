using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Export.Families;

/// <summary>Pooling over spatial axes.</summary>
static class PoolExports
{
    public static void Register(Dictionary<OpCode, ExportNode> table)
    {
        table[OpCode.AveragePool2D] = Average;
        table[OpCode.MaxPool2D] = Max;
        table[OpCode.L2Pool2D] = Root;
        table[OpCode.PoolNd] = Any;
    }

    static void Average(NodeExport n)
    {
        var op = n.Op<AveragePool2D>();
        OnnxTensor y = n.Add(
            "AveragePool", DType.Float32, First(n.Out(0).Shape), [n.RealFirst(0)],
            Window(op.Window));
        n.GiveFirst(0, n.Activated(y, op.Activation));
    }

    static void Max(NodeExport n)
    {
        var op = n.Op<MaxPool2D>();
        Shape y = First(n.Out(0).Shape);
        if (op.Activation == Activation.None && n.In(0).DType is DType.Int8 or DType.UInt8)
        {
            OnnxTensor x = n.RawFirst(0);
            n.Give(0, real: false, first: true,
                n.Add("MaxPool", x.DType, y, [x], Window(op.Window)));
            return;
        }

        OnnxTensor real = n.Add(
            "MaxPool", DType.Float32, y, [n.RealFirst(0)], Window(op.Window));
        n.GiveFirst(0, n.Activated(real, op.Activation));
    }

    static void Root(NodeExport n)
    {
        var op = n.Op<L2Pool2D>();
        OnnxTensor x = n.RealFirst(0);
        OnnxTensor mean = n.Add(
            "AveragePool", DType.Float32, First(n.Out(0).Shape), [n.Binary("Mul", x, x)],
            Window(op.Window));
        n.GiveFirst(0, n.Activated(n.Unary("Sqrt", mean), op.Activation));
    }

    static void Any(NodeExport n)
    {
        var op = n.Op<PoolNd>();
        PoolWindow[] windows = op.Windows.ToArray();
        Shape x = n.In(0).Shape;
        bool ceil = false;
        for (int i = 0; i < windows.Length; i++)
        {
            PoolWindow w = windows[i];
            int free = x[i + 1] + w.PadBefore + w.PadAfter - ((w.Kernel - 1) * w.Dilation) - 1;
            ceil |= w.Output > (free / w.Stride) + 1;
        }

        var attributes = new List<AttributeProto>
        {
            Attribute.Of("kernel_shape", [.. windows.Select(w => w.Kernel)]),
            Attribute.Of("strides", [.. windows.Select(w => w.Stride)]),
            Attribute.Of("pads",
                [.. windows.Select(w => w.PadBefore), .. windows.Select(w => w.PadAfter)]),
        };
        bool dilated = windows.Any(w => w.Dilation > 1);
        if (dilated)
        {
            n.Run.NeedOpset(op.Kind switch
            {
                PoolKind.Max => ExportRun.LowestOpset,
                PoolKind.Norm => 18,
                _ => 19,
            });
            attributes.Add(Attribute.Of("dilations", [.. windows.Select(w => w.Dilation)]));
        }

        if (ceil)
        {
            n.Run.NeedOpset(op.Kind == PoolKind.Norm ? 18 : ExportRun.LowestOpset);
            attributes.Add(Attribute.Of("ceil_mode", 1));
        }

        Shape y = First(n.Out(0).Shape);
        switch (op.Kind)
        {
            case PoolKind.Max:
                Largest(n, op, y, [.. attributes]);
                return;
            case PoolKind.Norm when op.Power != MathF.Round(op.Power):
                throw new NoEquivalentException($"LpPool takes whole powers, not {op.Power}");
            case PoolKind.Norm:
                attributes.Add(Attribute.Of("p", (long)op.Power));
                break;
            case PoolKind.AverageWithPadding:
                attributes.Add(Attribute.Of("count_include_pad", 1));
                break;
        }

        n.GiveFirst(0, n.Add(
            op.Kind == PoolKind.Norm ? "LpPool" : "AveragePool", DType.Float32, y,
            [n.RealFirst(0)], [.. attributes]));
    }

    static void Largest(NodeExport n, PoolNd op, in Shape y, AttributeProto[] attributes)
    {
        bool whole = n.In(0).DType is DType.Int8 or DType.UInt8;
        OnnxTensor x = whole ? n.RawFirst(0) : n.RealFirst(0);
        if (n.OutputCount == 1)
        {
            n.Give(0, !whole, first: true, n.Add("MaxPool", x.DType, y, [x], attributes));
            return;
        }

        OnnxTensor[] both = n.AddMany(
            "MaxPool", [(x.DType, y), (DType.Int64, y)], [x],
            [.. attributes, Attribute.Of("storage_order", op.FirstAxisFastest ? 1 : 0)]);
        n.Give(0, !whole, first: true, both[0]);
        n.Give(1, real: false, first: true, both[1]);
    }

    public static AttributeProto[] Window(PoolWindow2D w) =>
    [
        Attribute.Of("kernel_shape", [w.KernelHeight, w.KernelWidth]),
        Attribute.Of("strides", [w.StrideHeight, w.StrideWidth]),
        Attribute.Of("pads", [w.PadTop, w.PadLeft, w.PadBottom, w.PadRight]),
    ];

    static Shape First(in Shape last) => Layouts.Permute(last, Layouts.ToFirst(last.Rank));
}
