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
        set.Add<Conv2D>().Add<DepthwiseConv2D>().Add<FullyConnected>();
        set.Add<TransposeConv>().Add<Conv3D>().Add<Conv3DTranspose>().Add<BatchMatMul>();
        set.Add<BlockFullyConnected>().Add<MatMulInteger>().Add<ConvInteger>();
    }

    // Elementwise: one struct an op.
    static void AddElementwise(OpSet set)
    {
        set.Add<Abs>().Add<Neg>().Add<Square>().Add<Sign>().Add<Sqrt>().Add<Rsqrt>();
        set.Add<Reciprocal>().Add<Floor>().Add<Ceil>().Add<Round>();
        set.Add<Exp>().Add<Log>().Add<Log1p>().Add<Expm1>().Add<Erf>();
        set.Add<Sin>().Add<Cos>().Add<Tan>().Add<Asin>().Add<Acos>().Add<Atan>();
        set.Add<Sinh>().Add<Cosh>().Add<Tanh>().Add<Asinh>().Add<Acosh>().Add<Atanh>();
        set.Add<Relu>().Add<Relu6>().Add<ReluN1To1>().Add<Relu0To1>().Add<Clip>();
        set.Add<LeakyRelu>().Add<ThresholdedRelu>().Add<Shrink>();
        set.Add<Elu>().Add<Celu>().Add<Selu>().Add<Gelu>().Add<GeluTanh>();
        set.Add<Logistic>().Add<Silu>().Add<HardSigmoid>().Add<HardSwish>().Add<Mish>();
        set.Add<Softplus>().Add<Softsign>();
        set.Add<LogicalNot>().Add<BitwiseNot>().Add<PopulationCount>();
        set.Add<IsNan>().Add<IsInf>().Add<SignBit>();
        set.Add<Add>().Add<Sub>().Add<Mul>().Add<Div>().Add<SquaredDifference>();
        set.Add<Maximum>().Add<Minimum>().Add<Pow>().Add<Atan2>();
        set.Add<FloorDiv>().Add<FloorMod>().Add<Mod>();
        set.Add<LogicalAnd>().Add<LogicalOr>().Add<LogicalXor>();
        set.Add<BitwiseAnd>().Add<BitwiseOr>().Add<BitwiseXor>();
        set.Add<ShiftLeft>().Add<ShiftRight>();
        set.Add<Equal>().Add<NotEqual>().Add<Less>().Add<LessEqual>();
        set.Add<Greater>().Add<GreaterEqual>();
        set.Add<Select>().Add<PRelu>().Add<AddN>();
        set.Add<Cast>().Add<Bitcast>().Add<Quantize>().Add<Dequantize>().Add<FakeQuant>();
        set.Add<DynamicQuantizeLinear>();
        set.Add<Real>().Add<Imag>().Add<ComplexAbs>();
    }

    // Reductions, softmax, pooling, resize, normalisation, detection.
    static void AddReduce(OpSet set)
    {
        set.Add<Sum>().Add<Mean>().Add<ReduceMax>().Add<ReduceMin>().Add<ReduceProd>();
        set.Add<ReduceAny>().Add<ReduceAll>().Add<ReduceL1>().Add<ReduceL2>();
        set.Add<ReduceSumSquare>().Add<ReduceLogSum>().Add<ReduceLogSumExp>();
        set.Add<ArgMax>().Add<ArgMin>().Add<CumSum>().Add<TopK>().Add<Determinant>();
        set.Add<Softmax>().Add<LogSoftmax>().Add<HardMax>();
        set.Add<ResizeBilinear>().Add<ResizeNearest>().Add<Resize>().Add<GridSample>();
        set.Add<L2Normalization>().Add<LocalResponseNormalization>().Add<BatchNorm>();
        set.Add<LayerNorm>().Add<RmsNorm>().Add<InstanceNorm>().Add<GroupNorm>();
        set.Add<DetectionPostProcess>().Add<NonMaxSuppression>();
        set.Add<BoxSelection>().Add<RoiAlign>().Add<RoiPool>();
        set.Add<AveragePool2D>().Add<MaxPool2D>().Add<L2Pool2D>().Add<PoolNd>();
    }

    // Data movement: bytes change place, not value.
    static void AddMovement(OpSet set)
    {
        set.Add<Reshape>().Add<Identity>().Add<Transpose>().Add<Concat>().Add<Split>();
        set.Add<Pack>().Add<Unpack>().Add<Pad>().Add<Slice>().Add<StridedSlice>();
        set.Add<MirrorPad>().Add<Tile>().Add<BroadcastTo>().Add<Reverse>();
        set.Add<ReverseSequence>().Add<SpaceToDepth>().Add<DepthToSpace>();
        set.Add<SpaceToBatchNd>().Add<BatchToSpaceNd>().Add<DynamicSlice>();
        set.Add<DynamicUpdateSlice>().Add<Gather>().Add<GatherNd>().Add<ScatterNd>();
        set.Add<OneHot>().Add<ConstantFill>().Add<ZerosLike>().Add<NumberRange>();
        set.Add<EmbeddingLookup>();
        set.Add<Where>().Add<Unique>().Add<MatrixDiag>().Add<MatrixSetDiag>();
        set.Add<HashtableLookup>().Add<UnsortedSegment>().Add<Bucketize>();
        set.Add<SparseToDense>();
        set.Add<UniqueSlices>();
        set.Add<GatherElements>().Add<ScatterElements>().Add<ScatterNdUpdate>().Add<Trilu>();
    }

    // Recurrent cells and sequences.
    static void AddRecurrent(OpSet set)
    {
        set.Add<Lstm>().Add<LstmCell>().Add<Rnn>().Add<Gru>().Add<Svdf>();
        set.Add<LstmLayer>().Add<GruLayer>().Add<RnnLayer>();
    }

    // Signal processing: windows, FFT, filter banks.
    static void AddSignal(OpSet set)
    {
        set.Add<SignalWindow>().Add<SignalFftAutoScale>().Add<SignalRfft>().Add<SignalIrfft>();
        set.Add<SignalEnergy>().Add<SignalFilterBank>().Add<SignalFilterBankSquareRoot>();
        set.Add<SignalFilterBankSpectralSubtraction>().Add<SignalPcan>();
        set.Add<SignalFilterBankLog>().Add<SignalDelay>().Add<SignalFramer>();
        set.Add<SignalOverlapAdd>().Add<SignalStacker>();
        set.Add<PeakNormalize>().Add<Stft>().Add<MelFilterBank>().Add<LogOffset>().Add<Dct>();
        set.Add<TruncateQuantize>().Add<Dft>();
    }

    // Control flow and variables.
    static void AddControl(OpSet set)
    {
        set.Add<If>().Add<While>().Add<CallOnce>();
        set.Add<ReadVariable>().Add<AssignVariable>().Add<CircularBuffer>();
        set.Add<RunEvery>().Add<Patches>().Add<PatchBorder>();
    }
}
