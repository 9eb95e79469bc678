namespace EdgeDL.Convert.Tests.Onnx.Nodes;

/// <summary>Boxes, regions, blocks of pixels, and spectra.</summary>
static class OtherNodes
{
    public static IEnumerable<string> Texts => [.. Regions(), .. Blocks(), .. Spectra()];

    static IEnumerable<string> Regions()
    {
        foreach (string mode in (string[])["avg", "max"])
        {
            foreach (int samples in (int[])[0, 2, 3])
            {
                string how = $"mode={mode} sampling_ratio={samples} output_height=3 "
                    + "output_width=4 spatial_scale=.7";
                string operands = "f2x3x9x8 r7x4 l7";
                yield return $"RoiAlign 10 {operands} | {how}";
                yield return $"RoiAlign 16 {operands} | {how}";
                yield return $"RoiAlign 16 {operands} | {how} "
                    + "coordinate_transformation_mode=output_half_pixel";
            }
        }

        yield return "MaxRoiPool 10 f2x3x9x8 R6x5 | pooled_shape=3,2 spatial_scale=.8";
        foreach (int centers in (int[])[0, 1])
        {
            foreach (string limits in (string[])
                ["l:5 c:.3 c:.2", "l:3 c:.5 c:.0", "l:20 c:.1 c:.5", "l:4", "l:4 _ c:.4"])
            {
                yield return $"NonMaxSuppression 11 u2x17x4 u2x3x17 {limits} | "
                    + $"center_point_box={centers}";
            }
        }
    }

    static IEnumerable<string> Blocks() =>
    [
        "DepthToSpace 13 f2x12x3x4 | blocksize=2 mode=DCR",
        "DepthToSpace 13 f2x12x3x4 | blocksize=2 mode=CRD",
        "SpaceToDepth 13 f2x3x4x6 | blocksize=2",
        "Col2Im 18 f2x18x20 l:5,7 l:2,3 |",
        "Col2Im 18 f2x12x9 l:5,5 l:2,2 | pads=1,1,1,1 dilations=2,2 strides=2,2",
        "Col2Im 18 f1x16x8 l:3,3,3 l:2,2,2 |",
        "Col2Im 18 f2x6x7 l:9 l:3 |",
        "CenterCropPad 18 f7x8x3 l:10,5,3 |",
        "CenterCropPad 18 f7x8x3 l:4,11 | axes=-1,0",
    ];

    static IEnumerable<string> Spectra() =>
    [
        "DFT 17 f2x10x3x1 | axis=1 onesided=1",
        "DFT 17 f2x10x3x2 | axis=2",
        "DFT 17 f2x11x3x2 | axis=1 inverse=1",
        "DFT 20 f2x10x3x2 |",
        "DFT 20 f2x10x3x1 | onesided=1",
    ];
}
