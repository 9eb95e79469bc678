namespace EdgeDL.Convert.Onnx;

/// <summary>The versions of the standard's operator set that an operator is taken in.</summary>
/// <remarks>ONNX Changelog.md; version 26 is ONNX 1.21.</remarks>
readonly record struct OpsetRange(int First, int Last)
{
    public bool Has(int opset) => opset >= First && opset <= Last;

    public override string ToString() => First == Last ? $"{First}" : $"{First} to {Last}";
}

/// <summary>When an operator came into the standard, and when it left.</summary>
static class StandardVersions
{
    /// <summary>The newest version whose changes are known here.</summary>
    public const int Newest = 26;

    // Where an operator is older than version 6, the form that version 6 has; before that,
    // broadcasting and results in place were attributes. What is not named is there from the first.
    static readonly Dictionary<string, int> first = Build(
    [
        (2, "GlobalLpPool LpPool Pad Split"),
        (3, "GRU"),
        (4, "Concat"),
        (5, "Reshape"),
        (6, "Abs Add BatchNormalization Cast Ceil Clip Div Dropout Elu Exp Floor Gemm "
            + "HardSigmoid InstanceNormalization LeakyRelu Log Max Mean Min Mul Neg PRelu "
            + "Reciprocal Relu Selu Sigmoid Sqrt Sub Sum Tanh Tile"),
        (7, "Acos Asin Atan Cos Sin Tan"),
        (8, "Expand Scan"),
        (9, "Acosh Asinh Atanh Compress ConstantOfShape Cosh Erf EyeLike IsNaN MaxUnpool "
            + "MeanVarianceNormalization NonZero OneHot Scatter Shrink Sign Sinh "
            + "TfIdfVectorizer Where"),
        (10, "ConvInteger DequantizeLinear IsInf MatMulInteger Mod NonMaxSuppression "
            + "QLinearConv QLinearMatMul QuantizeLinear Resize ReverseSequence RoiAlign "
            + "ThresholdedRelu"),
        (11, "BitShift ConcatFromSequence CumSum Det DynamicQuantizeLinear GatherElements "
            + "GatherND Range Round ScatterElements ScatterND SequenceAt SequenceConstruct "
            + "SequenceEmpty SequenceErase SequenceInsert SequenceLength SplitToSequence Unique"),
        (12, "Celu Einsum GreaterOrEqual LessOrEqual NegativeLogLikelihoodLoss "
            + "SoftmaxCrossEntropyLoss"),
        (14, "HardSwish Trilu"),
        (15, "CastLike Optional OptionalGetElement OptionalHasElement"),
        (16, "GridSample"),
        (17, "BlackmanWindow DFT HammingWindow HannWindow LayerNormalization MelWeightMatrix "
            + "STFT SequenceMap"),
        (18, "BitwiseAnd BitwiseNot BitwiseOr BitwiseXor CenterCropPad Col2Im "
            + "GroupNormalization Mish"),
        (20, "AffineGrid Gelu"),
        (23, "Attention RMSNormalization RotaryEmbedding"),
        (24, "Swish"),
        (26, "BitCast"),
    ]);

    static readonly Dictionary<string, int> last = Build([(9, "Upsample"), (10, "Scatter")]);

    /// <summary>The versions in which an operator of the standard is taken.</summary>
    public static OpsetRange Of(string op) => new(
        first.GetValueOrDefault(op, 1), last.GetValueOrDefault(op, Newest));

    static Dictionary<string, int> Build((int Version, string Ops)[] groups) => groups
        .SelectMany(g => g.Ops.Split(' ').Select(op => (Op: op, g.Version)))
        .ToDictionary(p => p.Op, p => p.Version);
}
