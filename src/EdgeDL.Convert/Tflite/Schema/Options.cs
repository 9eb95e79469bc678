namespace EdgeDL.Convert.Tflite.Schema;

/// <summary>
/// Field ids of the option tables that importers read, in the order of TFLite's schema. An option
/// table without fields (Abs, Pad, Tile …) needs no entry: nothing in it is ever read.
/// </summary>
static class Options
{
    public static class Conv2D
    {
        public static OptionsKind Kind => new(1, "Conv2DOptions");
        public static Field Padding => new(0, nameof(Padding));
        public static Field StrideW => new(1, nameof(StrideW));
        public static Field StrideH => new(2, nameof(StrideH));
        public static Field FusedActivation => new(3, nameof(FusedActivation));
        public static Field DilationW => new(4, nameof(DilationW));
        public static Field DilationH => new(5, nameof(DilationH));
        public static Field QuantizedBiasType => new(6, nameof(QuantizedBiasType));
    }

    public static class DepthwiseConv2D
    {
        public static OptionsKind Kind => new(2, "DepthwiseConv2DOptions");
        public static Field Padding => new(0, nameof(Padding));
        public static Field StrideW => new(1, nameof(StrideW));
        public static Field StrideH => new(2, nameof(StrideH));
        public static Field DepthMultiplier => new(3, nameof(DepthMultiplier));
        public static Field FusedActivation => new(4, nameof(FusedActivation));
        public static Field DilationW => new(5, nameof(DilationW));
        public static Field DilationH => new(6, nameof(DilationH));
    }

    public static class Conv3D
    {
        public static OptionsKind Kind => new(106, "Conv3DOptions");
        public static Field Padding => new(0, nameof(Padding));
        public static Field StrideD => new(1, nameof(StrideD));
        public static Field StrideW => new(2, nameof(StrideW));
        public static Field StrideH => new(3, nameof(StrideH));
        public static Field FusedActivation => new(4, nameof(FusedActivation));
        public static Field DilationD => new(5, nameof(DilationD));
        public static Field DilationW => new(6, nameof(DilationW));
        public static Field DilationH => new(7, nameof(DilationH));
    }

    public static class Pool2D
    {
        public static OptionsKind Kind => new(5, "Pool2DOptions");
        public static Field Padding => new(0, nameof(Padding));
        public static Field StrideW => new(1, nameof(StrideW));
        public static Field StrideH => new(2, nameof(StrideH));
        public static Field FilterWidth => new(3, nameof(FilterWidth));
        public static Field FilterHeight => new(4, nameof(FilterHeight));
        public static Field FusedActivation => new(5, nameof(FusedActivation));
    }

    public static class TransposeConv
    {
        public static OptionsKind Kind => new(49, "TransposeConvOptions");
        public static Field Padding => new(0, nameof(Padding));
        public static Field StrideW => new(1, nameof(StrideW));
        public static Field StrideH => new(2, nameof(StrideH));
        public static Field FusedActivation => new(3, nameof(FusedActivation));
        public static Field QuantizedBiasType => new(4, nameof(QuantizedBiasType));
    }

    public static class FullyConnected
    {
        public static OptionsKind Kind => new(8, "FullyConnectedOptions");
        public static Field FusedActivation => new(0, nameof(FusedActivation));
        public static Field WeightsFormat => new(1, nameof(WeightsFormat));
        public static Field KeepNumDims => new(2, nameof(KeepNumDims));
        public static Field AsymmetricQuantizeInputs => new(3, nameof(AsymmetricQuantizeInputs));
        public static Field QuantizedBiasType => new(4, nameof(QuantizedBiasType));
    }

    public static class BatchMatMul
    {
        public static OptionsKind Kind => new(101, "BatchMatMulOptions");
        public static Field AdjX => new(0, nameof(AdjX));
        public static Field AdjY => new(1, nameof(AdjY));
        public static Field AsymmetricQuantizeInputs => new(2, nameof(AsymmetricQuantizeInputs));
    }

    public static class Softmax
    {
        public static OptionsKind Kind => new(9, "SoftmaxOptions");
        public static Field Beta => new(0, nameof(Beta));
    }

    public static class LocalResponseNormalization
    {
        public static OptionsKind Kind => new(13, "LocalResponseNormalizationOptions");
        public static Field Radius => new(0, nameof(Radius));
        public static Field Bias => new(1, nameof(Bias));
        public static Field Alpha => new(2, nameof(Alpha));
        public static Field Beta => new(3, nameof(Beta));
    }

    public static class L2Norm
    {
        public static OptionsKind Kind => new(12, "L2NormOptions");
        public static Field FusedActivation => new(0, nameof(FusedActivation));
    }

    public static class Add
    {
        public static OptionsKind Kind => new(11, "AddOptions");
        public static Field FusedActivation => new(0, nameof(FusedActivation));
        public static Field PotScaleInt16 => new(1, nameof(PotScaleInt16));
    }

    public static class Sub
    {
        public static OptionsKind Kind => new(28, "SubOptions");
        public static Field FusedActivation => new(0, nameof(FusedActivation));
        public static Field PotScaleInt16 => new(1, nameof(PotScaleInt16));
    }

    public static class Mul
    {
        public static OptionsKind Kind => new(21, "MulOptions");
        public static Field FusedActivation => new(0, nameof(FusedActivation));
    }

    public static class Div
    {
        public static OptionsKind Kind => new(29, "DivOptions");
        public static Field FusedActivation => new(0, nameof(FusedActivation));
    }

    public static class LeakyRelu
    {
        public static OptionsKind Kind => new(75, "LeakyReluOptions");
        public static Field Alpha => new(0, nameof(Alpha));
    }

    public static class Gelu
    {
        public static OptionsKind Kind => new(116, "GeluOptions");
        public static Field Approximate => new(0, nameof(Approximate));
    }

    public static class FakeQuant
    {
        public static OptionsKind Kind => new(58, "FakeQuantOptions");
        public static Field Min => new(0, nameof(Min));
        public static Field Max => new(1, nameof(Max));
        public static Field NumBits => new(2, nameof(NumBits));
        public static Field NarrowRange => new(3, nameof(NarrowRange));
    }

    public static class Cast
    {
        public static OptionsKind Kind => new(37, "CastOptions");
        public static Field InDataType => new(0, nameof(InDataType));
        public static Field OutDataType => new(1, nameof(OutDataType));
    }

    public static class Reducer
    {
        public static OptionsKind Kind => new(27, "ReducerOptions");
        public static Field KeepDims => new(0, nameof(KeepDims));
    }

    public static class ArgMax
    {
        public static OptionsKind Kind => new(40, "ArgMaxOptions");
        public static Field OutputType => new(0, nameof(OutputType));
    }

    public static class ArgMin
    {
        public static OptionsKind Kind => new(57, "ArgMinOptions");
        public static Field OutputType => new(0, nameof(OutputType));
    }

    public static class Cumsum
    {
        public static OptionsKind Kind => new(102, "CumsumOptions");
        public static Field Exclusive => new(0, nameof(Exclusive));
        public static Field Reverse => new(1, nameof(Reverse));
    }

    public static class Concatenation
    {
        public static OptionsKind Kind => new(10, "ConcatenationOptions");
        public static Field Axis => new(0, nameof(Axis));
        public static Field FusedActivation => new(1, nameof(FusedActivation));
    }

    public static class Reshape
    {
        public static OptionsKind Kind => new(17, "ReshapeOptions");
        public static Field NewShape => new(0, nameof(NewShape));
    }

    public static class Squeeze
    {
        public static OptionsKind Kind => new(30, "SqueezeOptions");
        public static Field SqueezeDims => new(0, nameof(SqueezeDims));
    }

    public static class Split
    {
        public static OptionsKind Kind => new(35, "SplitOptions");
        public static Field NumSplits => new(0, nameof(NumSplits));
    }

    public static class SplitV
    {
        public static OptionsKind Kind => new(79, "SplitVOptions");
        public static Field NumSplits => new(0, nameof(NumSplits));
    }

    public static class Pack
    {
        public static OptionsKind Kind => new(59, "PackOptions");
        public static Field ValuesCount => new(0, nameof(ValuesCount));
        public static Field Axis => new(1, nameof(Axis));
    }

    public static class Unpack
    {
        public static OptionsKind Kind => new(64, "UnpackOptions");
        public static Field Num => new(0, nameof(Num));
        public static Field Axis => new(1, nameof(Axis));
    }

    public static class Gather
    {
        public static OptionsKind Kind => new(23, "GatherOptions");
        public static Field Axis => new(0, nameof(Axis));
        public static Field BatchDims => new(1, nameof(BatchDims));
    }

    public static class StridedSlice
    {
        public static OptionsKind Kind => new(32, "StridedSliceOptions");
        public static Field BeginMask => new(0, nameof(BeginMask));
        public static Field EndMask => new(1, nameof(EndMask));
        public static Field EllipsisMask => new(2, nameof(EllipsisMask));
        public static Field NewAxisMask => new(3, nameof(NewAxisMask));
        public static Field ShrinkAxisMask => new(4, nameof(ShrinkAxisMask));
        public static Field Offset => new(5, nameof(Offset));
    }

    public static class MirrorPad
    {
        public static OptionsKind Kind => new(77, "MirrorPadOptions");
        public static Field Mode => new(0, nameof(Mode));
    }

    public static class SpaceToDepth
    {
        public static OptionsKind Kind => new(19, "SpaceToDepthOptions");
        public static Field BlockSize => new(0, nameof(BlockSize));
    }

    public static class DepthToSpace
    {
        public static OptionsKind Kind => new(94, "DepthToSpaceOptions");
        public static Field BlockSize => new(0, nameof(BlockSize));
    }

    public static class ReverseSequence
    {
        public static OptionsKind Kind => new(87, "ReverseSequenceOptions");
        public static Field SeqDim => new(0, nameof(SeqDim));
        public static Field BatchDim => new(1, nameof(BatchDim));
    }

    public static class ResizeBilinear
    {
        public static OptionsKind Kind => new(15, "ResizeBilinearOptions");
        public static Field NewHeight => new(0, nameof(NewHeight));
        public static Field NewWidth => new(1, nameof(NewWidth));
        public static Field AlignCorners => new(2, nameof(AlignCorners));
        public static Field HalfPixelCenters => new(3, nameof(HalfPixelCenters));
    }

    public static class ResizeNearestNeighbor
    {
        public static OptionsKind Kind => new(74, "ResizeNearestNeighborOptions");
        public static Field AlignCorners => new(0, nameof(AlignCorners));
        public static Field HalfPixelCenters => new(1, nameof(HalfPixelCenters));
    }

    public static class OneHot
    {
        public static OptionsKind Kind => new(61, "OneHotOptions");
        public static Field Axis => new(0, nameof(Axis));
    }

    public static class Shape
    {
        public static OptionsKind Kind => new(55, "ShapeOptions");
        public static Field OutType => new(0, nameof(OutType));
    }

    public static class Unique
    {
        public static OptionsKind Kind => new(80, "UniqueOptions");
        public static Field IdxOutType => new(0, nameof(IdxOutType));
    }

    public static class SparseToDense
    {
        public static OptionsKind Kind => new(50, "SparseToDenseOptions");
        public static Field ValidateIndices => new(0, nameof(ValidateIndices));
    }

    public static class EmbeddingLookupSparse
    {
        public static OptionsKind Kind => new(20, "EmbeddingLookupSparseOptions");
        public static Field Combiner => new(0, nameof(Combiner));
    }

    public static class Svdf
    {
        public static OptionsKind Kind => new(6, "SVDFOptions");
        public static Field Rank => new(0, nameof(Rank));
        public static Field FusedActivation => new(1, nameof(FusedActivation));
        public static Field AsymmetricQuantizeInputs => new(2, nameof(AsymmetricQuantizeInputs));
    }

    public static class Rnn
    {
        public static OptionsKind Kind => new(7, "RNNOptions");
        public static Field FusedActivation => new(0, nameof(FusedActivation));
        public static Field AsymmetricQuantizeInputs => new(1, nameof(AsymmetricQuantizeInputs));
    }

    public static class SequenceRnn
    {
        public static OptionsKind Kind => new(31, "SequenceRNNOptions");
        public static Field TimeMajor => new(0, nameof(TimeMajor));
        public static Field FusedActivation => new(1, nameof(FusedActivation));
        public static Field AsymmetricQuantizeInputs => new(2, nameof(AsymmetricQuantizeInputs));
    }

    public static class BidirectionalSequenceRnn
    {
        public static OptionsKind Kind => new(70, "BidirectionalSequenceRNNOptions");
        public static Field TimeMajor => new(0, nameof(TimeMajor));
        public static Field FusedActivation => new(1, nameof(FusedActivation));
        public static Field MergeOutputs => new(2, nameof(MergeOutputs));
        public static Field AsymmetricQuantizeInputs => new(3, nameof(AsymmetricQuantizeInputs));
    }

    public static class Lstm
    {
        public static OptionsKind Kind => new(14, "LSTMOptions");
        public static Field FusedActivation => new(0, nameof(FusedActivation));
        public static Field CellClip => new(1, nameof(CellClip));
        public static Field ProjClip => new(2, nameof(ProjClip));
        public static Field KernelType => new(3, nameof(KernelType));
        public static Field AsymmetricQuantizeInputs => new(4, nameof(AsymmetricQuantizeInputs));
    }

    public static class UnidirectionalSequenceLstm
    {
        public static OptionsKind Kind => new(71, "UnidirectionalSequenceLSTMOptions");
        public static Field FusedActivation => new(0, nameof(FusedActivation));
        public static Field CellClip => new(1, nameof(CellClip));
        public static Field ProjClip => new(2, nameof(ProjClip));
        public static Field TimeMajor => new(3, nameof(TimeMajor));
        public static Field AsymmetricQuantizeInputs => new(4, nameof(AsymmetricQuantizeInputs));
        public static Field DiagonalRecurrentTensors => new(5, nameof(DiagonalRecurrentTensors));
    }

    public static class BidirectionalSequenceLstm
    {
        public static OptionsKind Kind => new(69, "BidirectionalSequenceLSTMOptions");
        public static Field FusedActivation => new(0, nameof(FusedActivation));
        public static Field CellClip => new(1, nameof(CellClip));
        public static Field ProjClip => new(2, nameof(ProjClip));
        public static Field MergeOutputs => new(3, nameof(MergeOutputs));
        public static Field TimeMajor => new(4, nameof(TimeMajor));
        public static Field AsymmetricQuantizeInputs => new(5, nameof(AsymmetricQuantizeInputs));
    }

    public static class If
    {
        public static OptionsKind Kind => new(92, "IfOptions");
        public static Field ThenSubgraphIndex => new(0, nameof(ThenSubgraphIndex));
        public static Field ElseSubgraphIndex => new(1, nameof(ElseSubgraphIndex));
    }

    public static class While
    {
        public static OptionsKind Kind => new(93, "WhileOptions");
        public static Field CondSubgraphIndex => new(0, nameof(CondSubgraphIndex));
        public static Field BodySubgraphIndex => new(1, nameof(BodySubgraphIndex));
    }

    public static class CallOnce
    {
        public static OptionsKind Kind => new(103, "CallOnceOptions");
        public static Field InitSubgraphIndex => new(0, nameof(InitSubgraphIndex));
    }

    public static class Call
    {
        public static OptionsKind Kind => new(16, "CallOptions");
        public static Field Subgraph => new(0, nameof(Subgraph));
    }

    public static class VarHandle
    {
        public static OptionsKind Kind => new(111, "VarHandleOptions");
        public static Field Container => new(0, nameof(Container));
        public static Field SharedName => new(1, nameof(SharedName));
    }

    public static class Hashtable
    {
        public static OptionsKind Kind => new(107, "HashtableOptions");
        public static Field TableId => new(0, nameof(TableId));
        public static Field KeyDType => new(1, nameof(KeyDType));
        public static Field ValueDType => new(2, nameof(ValueDType));
    }

    public static class Random
    {
        public static OptionsKind Kind => new(114, "RandomOptions");
        public static Field Seed => new(0, nameof(Seed));
        public static Field Seed2 => new(1, nameof(Seed2));
    }

    public static class Bucketize
    {
        public static OptionsKind Kind => new(115, "BucketizeOptions");
        public static Field Boundaries => new(0, nameof(Boundaries));
    }
}
