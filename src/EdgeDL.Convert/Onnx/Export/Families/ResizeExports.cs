using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Kernels.Resize;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Export.Families;

/// <summary>Resampling.</summary>
static class ResizeExports
{
    public static void Register(Dictionary<OpCode, ExportNode> table)
    {
        table[OpCode.ResizeNearest] = Nearest;
        table[OpCode.ResizeBilinear] = Bilinear;
        table[OpCode.Resize] = Any;
        table[OpCode.GridSample] = Sample;
    }

    // ⌊(o + ½) · s⌋ is (o + ½) · s − ½ with halves rounded up.
    static void Nearest(NodeExport n)
    {
        var op = n.Op<ResizeNearest>();
        Sized(n, "nearest",
            op.AlignCorners ? "align_corners"
                : op.HalfPixelCenters ? "half_pixel" : "asymmetric",
            Attribute.Of("nearest_mode",
                op.AlignCorners || op.HalfPixelCenters ? "round_prefer_ceil" : "floor"));
    }

    static void Bilinear(NodeExport n) => Sized(
        n, "linear", n.Op<ResizeBilinear>().Grid switch
        {
            ResizeGrid.AlignCorners => "align_corners",
            ResizeGrid.HalfPixelCenters => "half_pixel",
            _ => "asymmetric",
        });

    static void Sized(
        NodeExport n, string mode, string coordinates, params AttributeProto[] more)
    {
        bool whole = mode == "nearest" && n.In(0).DType is DType.Int8 or DType.UInt8;
        OnnxTensor x = whole ? n.RawFirst(0) : n.RealFirst(0);
        Shape y = Layouts.Permute(n.Out(0).Shape, Layouts.ToFirst(4));
        n.Give(0, !whole, first: true, n.Add(
            "Resize", x.DType, y, [x, null, null, n.Extents("sizes", y.Dims)],
            [
                Attribute.Of("mode", mode),
                Attribute.Of("coordinate_transformation_mode", coordinates), .. more,
            ]));
    }

    static void Any(NodeExport n)
    {
        var op = n.Op<Resize>();
        ResizeRule rule = op.Rule;
        int rank = n.In(0).Shape.Rank;
        bool first = rank >= 3;
        OnnxTensor x = first ? n.RealFirst(0) : n.Real(0);
        Shape y = n.Out(0).Shape;
        y = first ? Layouts.Permute(y, Layouts.ToFirst(rank)) : y;
        var scales = new float[rank];
        var roi = new float[2 * rank];
        Array.Fill(scales, 1f);
        Array.Fill(roi, 1f, rank, rank);
        bool byScale = true;
        bool isCut = false;
        foreach (ResizedAxis axis in op.Axes)
        {
            int at = first ? Layouts.FirstAxis(axis.Axis, rank) : axis.Axis;
            scales[at] = axis.Scale;
            roi[at] = axis.Start;
            roi[at + rank] = axis.End;
            float extent = x.Shape[at] * axis.Scale;
            byScale &= axis.Output == (int)MathF.Floor(extent);
            if (rule.Coordinates == ResizeCoordinates.AlignCorners && extent != axis.Output)
            {
                // The corner of an extent that is no whole number lies behind the last output;
                // ONNX Runtime rounds the extent first. As a crop it is said exactly.
                isCut = true;
                roi[at + rank] = axis.Output == 1 ? 0 : (axis.Output - 1) / (extent - 1);
            }
        }

        rule = isCut ? rule with { Coordinates = ResizeCoordinates.CropAndResize } : rule;
        byScale &= !isCut;
        bool crops = rule.Coordinates == ResizeCoordinates.CropAndResize;
        n.Give(0, real: true, first, n.Add(
            "Resize", x.DType, y,
            [
                x, crops ? n.Constant<float>("roi", new Shape(2 * rank), roi) : null,
                byScale ? n.Constant<float>("scales", new Shape(rank), scales) : null,
                byScale ? null : n.Extents("sizes", y.Dims),
            ],
            Rule(n, rule, op.Extrapolation)));
    }

    static AttributeProto[] Rule(NodeExport n, ResizeRule rule, float extrapolation)
    {
        bool shifted = rule.Coordinates == ResizeCoordinates.TfHalfPixelForNearest;

        // ⌊v⌋ is v − ½ with halves up, v with halves down is ⌈v − ½⌉.
        string? halfPixel = rule.Rounding switch
        {
            ResizeRounding.Floor => "round_prefer_ceil",
            ResizeRounding.PreferFloor => "ceil",
            _ => null,
        };
        if (shifted && (halfPixel is null || rule.Method != ResizeMethod.Nearest))
        {
            throw new NoEquivalentException("ONNX has given up tf_half_pixel_for_nn");
        }

        var attributes = new List<AttributeProto>
        {
            Attribute.Of("mode", rule.Method switch
            {
                ResizeMethod.Nearest => "nearest",
                ResizeMethod.Linear => "linear",
                _ => "cubic",
            }),
            Attribute.Of("coordinate_transformation_mode", rule.Coordinates switch
            {
                ResizeCoordinates.HalfPixelSymmetric => "half_pixel_symmetric",
                ResizeCoordinates.PytorchHalfPixel => "pytorch_half_pixel",
                ResizeCoordinates.AlignCorners => "align_corners",
                ResizeCoordinates.Asymmetric => "asymmetric",
                ResizeCoordinates.CropAndResize => "tf_crop_and_resize",
                _ => "half_pixel",
            }),
            Attribute.Of("nearest_mode", shifted ? halfPixel! : rule.Rounding switch
            {
                ResizeRounding.PreferFloor => "round_prefer_floor",
                ResizeRounding.PreferCeiling => "round_prefer_ceil",
                ResizeRounding.Floor => "floor",
                _ => "ceil",
            }),
            Attribute.Of("cubic_coeff_a", rule.CubicCoefficient),
            Attribute.Of("exclude_outside", rule.ExcludesOutside ? 1 : 0),
            Attribute.Of("extrapolation_value", extrapolation),
        };
        if (rule.Coordinates == ResizeCoordinates.HalfPixelSymmetric)
        {
            n.Run.NeedOpset(19);
        }

        if (rule.Antialiases)
        {
            n.Run.NeedOpset(18);
            attributes.Add(Attribute.Of("antialias", 1));
        }

        return [.. attributes];
    }

    static void Sample(NodeExport n)
    {
        var op = n.Op<GridSample>();
        bool deep = n.In(0).Shape.Rank == 5;
        if (deep)
        {
            n.Run.NeedOpset(20);
        }

        bool renamed = n.Run.Opset >= 20;
        OnnxTensor x = n.RealFirst(0);
        Shape y = n.Out(0).Shape;
        n.GiveFirst(0, n.Add(
            "GridSample", DType.Float32, Layouts.Permute(y, Layouts.ToFirst(y.Rank)),
            [x, n.Real(1)],
            Attribute.Of("mode", op.Method switch
            {
                ResizeMethod.Nearest => "nearest",
                ResizeMethod.Linear => renamed ? "linear" : "bilinear",
                _ => renamed ? "cubic" : "bicubic",
            }),
            Attribute.Of("padding_mode", op.Padding.ToString().ToLowerInvariant()),
            Attribute.Of("align_corners", op.AlignsCorners ? 1 : 0)));
    }
}
