namespace EdgeDL.Ops;

public sealed partial class OpSet
{
    static OpSet CreateAll()
    {
        var set = new OpSet();
        AddMac(set);
        AddElementwise(set);
        AddReduce(set);
        AddMovement(set);
        AddRecurrent(set);
        AddSignal(set);
        AddControl(set);
        return set;
    }

    // Multiply-accumulate: convolution, fully connected, matrix product.
    static void AddMac(OpSet set)
    {
    }

    // Elementwise: one struct an op.
    static void AddElementwise(OpSet set)
    {
    }

    // Reductions, softmax, pooling, resize, normalisation, detection.
    static void AddReduce(OpSet set)
    {
        set.Add<Sum>().Add<Mean>().Add<ReduceMax>().Add<ReduceMin>().Add<ReduceProd>();
        set.Add<ReduceAny>().Add<ReduceAll>().Add<ReduceL1>().Add<ReduceL2>();
        set.Add<ReduceSumSquare>().Add<ReduceLogSum>().Add<ReduceLogSumExp>();
        set.Add<ArgMax>().Add<ArgMin>().Add<CumSum>().Add<TopK>();
        set.Add<Softmax>().Add<LogSoftmax>().Add<HardMax>();
        set.Add<ResizeBilinear>().Add<ResizeNearest>();
        set.Add<L2Normalization>().Add<LocalResponseNormalization>().Add<BatchNorm>();
        set.Add<LayerNorm>().Add<RmsNorm>().Add<InstanceNorm>().Add<GroupNorm>();
        set.Add<AveragePool2D>().Add<MaxPool2D>().Add<L2Pool2D>();
    }

    // Data movement: bytes change place, not value.
    static void AddMovement(OpSet set)
    {
        set.Add<Reshape>().Add<Identity>().Add<Transpose>().Add<Concat>().Add<Split>();
        set.Add<Pack>().Add<Unpack>().Add<Pad>().Add<Slice>().Add<StridedSlice>();
    }

    // Recurrent cells and sequences.
    static void AddRecurrent(OpSet set)
    {
    }

    // Signal processing: windows, FFT, filter banks.
    static void AddSignal(OpSet set)
    {
    }

    // Control flow and variables.
    static void AddControl(OpSet set)
    {
    }
}
