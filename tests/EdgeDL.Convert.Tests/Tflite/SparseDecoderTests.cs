using System.Runtime.InteropServices;
using EdgeDL.Convert.Tflite;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Tests.Tflite;

public sealed class SparseDecoderTests
{
    static readonly TfliteSparseDimension Rows = new(false, 2, [], []);

    [Fact]
    public void A_csr_matrix_becomes_dense()
    {
        float[] dense = Decode(
            [2, 3],
            new TfliteSparsity([0, 1], [], [Rows, new(true, 0, [0, 2, 3], [0, 2, 1])]),
            [1f, 2f, 3f]);

        Assert.Equal([1f, 0f, 2f, 0f, 3f, 0f], dense);
    }

    [Fact]
    public void Columns_first_places_the_values_down_the_columns()
    {
        float[] dense = Decode(
            [2, 2],
            new TfliteSparsity([1, 0], [], [Rows, new(true, 0, [0, 1, 3], [1, 0, 1])]),
            [1f, 2f, 3f]);

        Assert.Equal([0f, 2f, 1f, 3f], dense);
    }

    [Fact]
    public void A_block_of_one_by_four_stays_together()
    {
        var sparsity = new TfliteSparsity(
            [0, 1, 2], [1], [Rows, new(true, 0, [0, 1, 1], [1]), new(false, 4, [], [])]);

        float[] dense = Decode([2, 8], sparsity, [1f, 2f, 3f, 4f]);

        Assert.Equal([0f, 0f, 0f, 0f, 1f, 2f, 3f, 4f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f], dense);
    }

    [Theory]
    [InlineData(3, 0, "rising order")]
    [InlineData(0, 9, "segment")]
    public void Indices_outside_the_shape_are_refused(int index, int end, string finding)
    {
        int[] segments = end == 0 ? [0, 1, 1] : [0, end, end];
        var sparsity = new TfliteSparsity(
            [0, 1], [], [Rows, new(true, 0, segments, [index])]);

        var e = Assert.Throws<InvalidModelException>(() => Decode([2, 3], sparsity, [1f]));

        Assert.Contains(finding, e.Message, StringComparison.Ordinal);
    }

    static float[] Decode(int[] dims, TfliteSparsity sparsity, float[] values)
    {
        var tensor = new TfliteTensor
        {
            Name = "w",
            Type = TensorType.FLOAT32,
            DType = DType.Float32,
            Dims = dims,
            Signature = [],
            Quantization = null,
            Sparsity = sparsity,
            IsVariable = false,
            Data = MemoryMarshal.AsBytes(values.AsSpan()).ToArray(),
        };
        return MemoryMarshal.Cast<byte, float>(SparseDecoder.Decode(tensor, new Shape(dims)))
            .ToArray();
    }
}
