using EdgeDL.Kernels.Resize;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>Resampling: Resize of all versions, Upsample, and reading at a grid.</summary>
static class ResizeImports
{
    public static void Register(OnnxTable t)
    {
        t.Add("Resize", Resize);
        t.Add("Upsample", Upsample);
        t.Add("GridSample", GridSample);
        t.Add("AffineGrid", AffineGridImport.Import);
    }

    static void Upsample(NodeImport n)
    {
        // Version 7 has the scales as an attribute; version 1 named those of two axes.
        float[] scales = n.Opset >= 9
            ? n.Floats(1, "scales")
            : n.Floats("scales")
                ?? [1, 1, n.Float("height_scale", 1), n.Float("width_scale", 1)];
        var rule = new ResizeRule(
            Method(n, n.Text("mode", "nearest")), ResizeCoordinates.Asymmetric,
            ResizeRounding.Floor);
        int[] axes = [.. Enumerable.Range(0, n.ShapeOf(0).Rank)];
        Emit(n, rule, Scaled(n, axes, scales, roi: null));
    }

    static void Resize(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        int[] axes = n.Ints("axes") is { } given
            ? [.. given.Select(a => n.Axis(a, x.Rank))]
            : [.. Enumerable.Range(0, x.Rank)];
        ResizeRule rule = Rule(n);
        if (n.Opset < 11)
        {
            ResizeTen(n, rule, Scaled(n, axes, n.Floats(1, "scales"), roi: null));
            return;
        }

        float[]? roi = rule.Coordinates == ResizeCoordinates.CropAndResize
            ? n.Floats(1, "region")
            : null;
        if (roi is not null && roi.Length != 2 * axes.Length)
        {
            throw n.Fail($"its region has {roi.Length} numbers, {2 * axes.Length} are needed");
        }

        // Exporters leave out one of the two by making it empty.
        if (n.Has(3) && n.ShapeOf(3).Elements > 0)
        {
            Sized(n, rule, axes, n.Ints(3, "sizes"), roi);
        }
        else
        {
            Emit(n, rule, Scaled(n, axes, n.Floats(2, "scales"), roi));
        }
    }

    // What version 10 left open is as in ONNX Runtime: where it shrinks, the next neighbour counts.
    static void ResizeTen(NodeImport n, ResizeRule rule, ResizedAxis[] axes)
    {
        ResizedAxis[] smaller = Array.FindAll(axes, a => a.Scale < 1);
        ResizedAxis[] larger = Array.FindAll(axes, a => a.Scale > 1);
        ResizeRule next = rule with { Rounding = ResizeRounding.Ceiling };
        if (smaller.Length == 0 || larger.Length == 0 || rule.Method != ResizeMethod.Nearest)
        {
            Emit(n, smaller.Length > 0 ? next : rule, axes);
            return;
        }

        int shrunk = n.Add(new Ops.Resize(next, 0, smaller), "shrunk", n.Input(0));
        n.Emit(new Ops.Resize(rule, 0, larger), shrunk);
    }

    static ResizeRule Rule(NodeImport n)
    {
        ResizeMethod method = Method(n, n.Text("mode", "nearest"));
        if (n.Opset < 11)
        {
            return new(method, ResizeCoordinates.Asymmetric, ResizeRounding.Floor);
        }

        string coordinates = n.Text("coordinate_transformation_mode", "half_pixel");
        string rounding = n.Text("nearest_mode", "round_prefer_floor");
        return new(
            method,
            coordinates switch
            {
                "half_pixel" => ResizeCoordinates.HalfPixel,
                "half_pixel_symmetric" => ResizeCoordinates.HalfPixelSymmetric,
                "pytorch_half_pixel" => ResizeCoordinates.PytorchHalfPixel,
                "align_corners" => ResizeCoordinates.AlignCorners,
                "asymmetric" => ResizeCoordinates.Asymmetric,
                "tf_half_pixel_for_nn" => ResizeCoordinates.TfHalfPixelForNearest,
                "tf_crop_and_resize" => ResizeCoordinates.CropAndResize,
                _ => throw n.Fail($"coordinates '{coordinates}' are none of Resize's"),
            },
            rounding switch
            {
                "round_prefer_floor" => ResizeRounding.PreferFloor,
                "round_prefer_ceil" => ResizeRounding.PreferCeiling,
                "floor" => ResizeRounding.Floor,
                "ceil" => ResizeRounding.Ceiling,
                _ => throw n.Fail($"nearest_mode '{rounding}' is none of Resize's"),
            })
        {
            CubicCoefficient = n.Float("cubic_coeff_a", -0.75f),
            ExcludesOutside = n.Flag("exclude_outside"),
            Antialiases = n.Flag("antialias"),
        };
    }

    static ResizeMethod Method(NodeImport n, string mode) => mode switch
    {
        "nearest" => ResizeMethod.Nearest,
        "linear" or "bilinear" or "trilinear" => ResizeMethod.Linear,
        "cubic" or "bicubic" => ResizeMethod.Cubic,
        _ => throw n.Fail($"mode '{mode}' is not one of nearest, linear, cubic"),
    };

    static ResizedAxis[] Scaled(NodeImport n, int[] axes, float[] scales, float[]? roi)
    {
        Shape x = n.ShapeOf(0);
        if (scales.Length != axes.Length)
        {
            throw n.Fail($"it has {scales.Length} scales for {axes.Length} axes");
        }

        var resized = new ResizedAxis[axes.Length];
        for (int i = 0; i < axes.Length; i++)
        {
            // The region does not enter, whatever the text of the standard says: neither its own
            // shape inference nor ONNX Runtime lets it.
            (float start, float end) = Region(roi, i);
            double output = Math.Floor(x[axes[i]] * (double)scales[i]);
            resized[i] = new(axes[i], Extent(n, output), scales[i], start, end);
        }

        return resized;
    }

    static void Sized(
        NodeImport n, in ResizeRule rule, int[] axes, int[] sizes, float[]? roi)
    {
        Shape x = n.ShapeOf(0);
        if (sizes.Length != axes.Length)
        {
            throw n.Fail($"it has {sizes.Length} sizes for {axes.Length} axes");
        }

        float[] scales = [.. axes.Select((axis, i) => sizes[i] / (float)Math.Max(x[axis], 1))];
        string policy = n.Text("keep_aspect_ratio_policy", "stretch");
        if (policy != "stretch")
        {
            float common = policy switch
            {
                "not_larger" => scales.Min(),
                "not_smaller" => scales.Max(),
                _ => throw n.Fail($"aspect ratio policy '{policy}' is none of Resize's"),
            };
            Array.Fill(scales, common);
            sizes = [.. axes.Select(axis => Extent(
                n, Math.Floor(((double)common * x[axis]) + 0.5)))];
        }

        Emit(n, rule, [.. axes.Select((axis, i) =>
        {
            (float start, float end) = Region(roi, i);
            return new ResizedAxis(axis, Extent(n, sizes[i]), scales[i], start, end);
        })]);
    }

    static (float Start, float End) Region(float[]? roi, int i) =>
        roi is null ? (0, 1) : (roi[i], roi[(roi.Length / 2) + i]);

    static int Extent(NodeImport n, double output) => output is >= 1 and <= int.MaxValue
        ? (int)output
        : throw n.Fail($"it gives an extent of {output}");

    static void Emit(NodeImport n, in ResizeRule rule, ResizedAxis[] axes)
    {
        Shape x = n.ShapeOf(0);
        float outside = n.Float("extrapolation_value", 0);
        // Pictures are channels-last round here; other resizes stay as they are.
        bool isPicture = x.Rank is 4 or 5 && axes.All(a => a.Axis >= 2 || !Changes(a, x));
        if (!isPicture)
        {
            n.Emit(new Ops.Resize(rule, outside, axes), n.Input(0));
            return;
        }

        ResizedAxis[] changed = [.. axes.Where(a => Changes(a, x))];
        Op op = PictureResize.Find(rule, x, changed) ?? new Ops.Resize(
            rule, outside, [.. changed.Select(a => a with { Axis = a.Axis - 1 })]);
        int last = n.ChannelsLast(n.Input(0));
        n.SetOutput(0, n.ChannelsFirst(n.Add(op, "channels-last", last)));
    }

    static bool Changes(ResizedAxis a, Shape x) =>
        a.Output != x[a.Axis] || a.Scale != 1 || a.Start != 0 || a.End != 1;

    static void GridSample(NodeImport n)
    {
        string padding = n.Text("padding_mode", "zeros");
        var op = new GridSample(
            Method(n, n.Text("mode", n.Opset < 20 ? "bilinear" : "linear")),
            padding switch
            {
                "zeros" => GridPadding.Zeros,
                "border" => GridPadding.Border,
                "reflection" => GridPadding.Reflection,
                _ => throw n.Fail($"padding_mode '{padding}' is none of GridSample's"),
            },
            n.Flag("align_corners"));
        int x = n.ChannelsLast(n.Input(0));
        n.SetOutput(0, n.ChannelsFirst(n.Add(op, "channels-last", x, n.Input(1))));
    }
}
