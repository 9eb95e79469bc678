using EdgeDL.Devices.Media;
using EdgeDL.Tensors;
using EdgeDL.Testing;

namespace EdgeDL.Convert.Tests.Onnx;

/// <summary>Random cuttings of photos as inputs of nets. Noise says less: a net that was trained
/// on pictures answers it with ties.</summary>
static class Photos
{
    const int LeastSide = 150;

    static readonly float[] Mean = [0.485f, 0.456f, 0.406f];
    static readonly float[] Deviation = [0.229f, 0.224f, 0.225f];

    static readonly Lazy<Image[]> All = new(() => [.. new[]
    {
        "images/grace_hopper.bmp", "images/resized_cat.bmp", "images/burger.jpg",
        "images/cats_and_dogs.jpg", "detect/street.jpg",
    }.Select(name => ImageFile.Load(Assets.PathOf(name)).WithChannels(3))]);

    /// <summary>True for pictures of three channels in either layout.</summary>
    public static bool Fit(Shape x) => x.Rank == 4 && (x[1] == 3 || x[3] == 3);

    /// <summary>Fills an input with pixels: bytes as they are, int8 128 lower, floats in 0…most.
    /// </summary>
    public static void Fill(TensorView x, Random random, float most) =>
        Fill(x.Shape, random, (i, pixel, _) =>
        {
            switch (x.DType)
            {
                case DType.UInt8:
                    x.AsBytes()[i] = pixel;
                    break;
                case DType.Int8:
                    x.AsSpan<sbyte>()[i] = (sbyte)(pixel - 128);
                    break;
                default:
                    x.AsSpan<float>()[i] = pixel * (most / 255f);
                    break;
            }
        });

    /// <summary>Floats normalized as ImageNet's are.</summary>
    public static float[] Normalized(Shape shape, Random random)
    {
        var x = new float[shape.Elements];
        Fill(shape, random, (i, pixel, c) => x[i] = ((pixel / 255f) - Mean[c]) / Deviation[c]);
        return x;
    }

    static void Fill(Shape shape, Random random, Action<int, byte, int> put)
    {
        bool first = shape[1] == 3;
        (int height, int width) = first ? (shape[2], shape[3]) : (shape[1], shape[2]);
        Image photo = All.Value[random.Next(All.Value.Length)];
        int least = Math.Min(photo.Width, photo.Height);
        int side = random.Next(Math.Min(least, LeastSide), least + 1);
        int left = random.Next(photo.Width - side + 1);
        int top = random.Next(photo.Height - side + 1);
        for (int i = 0; i < height * width; i++)
        {
            int row = top + (i / width * side / height);
            int column = left + (i % width * side / width);
            for (int c = 0; c < 3; c++)
            {
                put(first ? (c * height * width) + i : (i * 3) + c,
                    photo.Pixels[(((row * photo.Width) + column) * 3) + c], c);
            }
        }
    }
}
