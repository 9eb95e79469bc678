using EdgeDL.Execution;
using EdgeDL.Kernels;
using EdgeDL.Kernels.Quant;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// fp32 input 0, quantized to int8 in the step's scratch: one range for each batch item.
/// </summary>
sealed unsafe class DynamicInput
{
    readonly DynamicQuantize.Function kernel = KernelRow.First(DynamicQuantize.Rows()).Function;
    readonly float* input;
    readonly int batch;
    readonly int itemLength;

    public DynamicInput(PrepareContext c, int batch)
    {
        TensorView x = c.Input(0);
        input = x.Pointer<float>();
        this.batch = batch;
        itemLength = x.Elements / batch;
        Quantized = (sbyte*)c.ScratchPointer;
        Ranges = c.Pack<DynamicRange>(batch);
    }

    public sbyte* Quantized { get; }

    /// <summary>One a batch item; valid after <see cref="Quantize"/>.</summary>
    public DynamicRange* Ranges { get; }

    public void Quantize()
    {
        for (int b = 0; b < batch; b++)
        {
            nint first = (nint)b * itemLength;
            Ranges[b] = kernel(
                new ReadOnlySpan<float>(input + first, itemLength),
                new Span<sbyte>(Quantized + first, itemLength));
        }
    }
}
