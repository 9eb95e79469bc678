namespace EdgeDL.Convert.Tests.Onnx.Nodes;

/// <summary>Resizes of all versions, unpooling, and reading at a grid.</summary>
/// <remarks>
/// Corners are not aligned at scales that give no whole extent: there ONNX's suite, which we
/// follow, aligns the extent before it is rounded, ONNX Runtime the one after.
/// </remarks>
static class ResizeNodes
{
    const string X = "f1x2x7x9";

    public static IEnumerable<string> Texts => [.. Plain(), .. Special(), .. Grids()];

    static IEnumerable<string> Plain()
    {
        foreach (string scales in (string[])["1,1,2,2", "1,1,.6,.7", "1,1,1.3,.7"])
        {
            yield return $"Resize 10 {X} c:{scales} | mode=nearest";
            yield return $"Resize 10 {X} c:{scales} | mode=linear";
        }

        foreach (string how in Coordinates())
        {
            foreach (string to in (string[])
                ["_ c:1,1,2,2", "_ c:1,1,.6,.7", "_ c:1,1,2.3,.5", "_ _ l:1,2,5,13",
                    "_ _ l:1,2,1,4"])
            {
                if (how != "align_corners" || !to.Contains('.', StringComparison.Ordinal))
                {
                    string at = $"{X} {to} | coordinate_transformation_mode={how}";
                    yield return $"Resize 19 {at} mode=linear";
                    yield return $"Resize 19 {at} mode=cubic";
                }
            }
        }

        foreach (string rounding in (string[])
            ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"])
        {
            foreach (string to in (string[])["_ c:1,1,2,2", "_ c:1,1,.6,.7", "_ _ l:1,2,5,13"])
            {
                yield return $"Resize 13 {X} {to} | mode=nearest nearest_mode={rounding}";
                yield return $"Resize 13 {X} {to} | mode=nearest nearest_mode={rounding} "
                    + "coordinate_transformation_mode=asymmetric";
            }
        }
    }

    static IEnumerable<string> Special()
    {
        foreach (string mode in (string[])["nearest", "linear", "cubic"])
        {
            string crop = "coordinate_transformation_mode=tf_crop_and_resize "
                + "extrapolation_value=5.0";
            yield return $"Resize 13 {X} c:0,0,.2,.1,1,1,.8,.7 _ l:1,2,5,4 | mode={mode} {crop}";
            yield return $"Resize 13 {X} c:0,0,-.2,.3,1,1,.8,1.4 _ l:1,2,5,4 | mode={mode} {crop}";
            yield return $"Resize 13 {X} c:0,0,.1,.1,1,1,.7,.9 c:1,1,1.5,.6 | mode={mode} {crop}";
            yield return $"Resize 18 {X} _ c:1.5,.6 | mode={mode} axes=3,2";
            yield return $"Resize 18 {X} _ _ l:5,11 | mode={mode} axes=2,3 "
                + "keep_aspect_ratio_policy=not_larger";
            yield return $"Resize 18 {X} _ _ l:5,11 | mode={mode} axes=2,3 "
                + "keep_aspect_ratio_policy=not_smaller";
        }

        foreach (string mode in (string[])["linear", "cubic"])
        {
            foreach (string scales in (string[])["1,1,.4,.55", "1,1,2,.3"])
            {
                yield return $"Resize 18 f1x2x17x19 _ c:{scales} | mode={mode} antialias=1";
            }
        }

        yield return $"Resize 13 {X} _ c:1,1,1.7,.8 | mode=cubic cubic_coeff_a=-.5 "
            + "exclude_outside=1";
        yield return "Resize 13 f1x2x4x5x6 _ c:1,1,2,1.5,.7 | mode=linear";
        yield return "Resize 13 f1x2x9 _ c:1,1,1.7 | mode=linear";
        yield return "Resize 13 f7x9 _ c:1.3,1.7 | mode=cubic";
        yield return "MaxUnpool 11 f1x1x2x2 l1x1x2x2 | kernel_shape=2,2 strides=2,2";
        yield return "Upsample 7 f1x2x3x4 | scales=1.,1.,2.,3. mode=nearest";
        yield return "Upsample 9 f1x2x3x4 c:1,1,2,1.5 | mode=linear";
    }

    static IEnumerable<string> Grids()
    {
        foreach (string padding in (string[])["zeros", "border", "reflection"])
        {
            foreach (int corners in (int[])[0, 1])
            {
                string how = $"padding_mode={padding} align_corners={corners}";
                foreach (string mode in (string[])["bilinear", "nearest", "bicubic"])
                {
                    yield return $"GridSample 16 f2x3x5x7 g2x6x4x2 | mode={mode} {how}";
                }

                yield return $"GridSample 20 f2x3x4x5x6 g2x3x4x3x3 | mode=linear {how}";
                yield return $"GridSample 20 f2x3x4x5x6 g2x3x4x3x3 | mode=nearest {how}";
            }
        }

        foreach (int corners in (int[])[0, 1])
        {
            yield return $"AffineGrid 20 f2x2x3 l:2,3,4,5 | align_corners={corners}";
            yield return $"AffineGrid 20 f2x3x4 l:2,3,4,5,3 | align_corners={corners}";
        }
    }

    static string[] Coordinates() =>
    [
        "half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners",
        "asymmetric",
    ];
}
