using EdgeDL.Convert.Tflite.Schema;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Tflite.Import;

/// <summary>Elementwise ops: one line an op.</summary>
static class ElementwiseImports
{
    public static void Register(ImportTable t)
    {
        t.Add(BuiltinOperator.ABS, n => n.Emit(new Abs()));
        t.Add(BuiltinOperator.NEG, n => n.Emit(new Neg()));
        t.Add(BuiltinOperator.SQUARE, n => n.Emit(new Square()));
        t.Add(BuiltinOperator.SIGN, n => n.Emit(new Sign()));
        t.Add(BuiltinOperator.SQRT, n => n.Emit(new Sqrt()));
        t.Add(BuiltinOperator.RSQRT, n => n.Emit(new Rsqrt()));
        t.Add(BuiltinOperator.FLOOR, n => n.Emit(new Floor()));
        t.Add(BuiltinOperator.CEIL, n => n.Emit(new Ceil()));
        t.Add(BuiltinOperator.ROUND, n => n.Emit(new Round()));
        t.Add(BuiltinOperator.EXP, n => n.Emit(new Exp()));
        t.Add(BuiltinOperator.LOG, n => n.Emit(new Log()));
        t.Add(BuiltinOperator.SIN, n => n.Emit(new Sin()));
        t.Add(BuiltinOperator.COS, n => n.Emit(new Cos()));
        t.Add(BuiltinOperator.TANH, n => n.Emit(new Tanh()));
        t.Add(BuiltinOperator.LOGISTIC, n => n.Emit(new Logistic()));
        t.Add(BuiltinOperator.RELU, n => n.Emit(new Relu()));
        t.Add(BuiltinOperator.RELU6, n => n.Emit(new Relu6()));
        t.Add(BuiltinOperator.RELU_N1_TO_1, n => n.Emit(new ReluN1To1()));
        t.Add(BuiltinOperator.RELU_0_TO_1, n => n.Emit(new Relu0To1()));
        t.Add(BuiltinOperator.ELU, n => n.Emit(new Elu(alpha: 1f)));
        t.Add(BuiltinOperator.HARD_SWISH, n => n.Emit(new HardSwish()));
        t.Add(BuiltinOperator.LEAKY_RELU, n => n.Emit(new LeakyRelu(
            n.Options(Options.LeakyRelu.Kind).Float(Options.LeakyRelu.Alpha))));
        t.Add(BuiltinOperator.GELU, n => n.Emit(
            n.Options(Options.Gelu.Kind).Bool(Options.Gelu.Approximate)
                ? new GeluTanh() : new Gelu()));
        t.Add(BuiltinOperator.PRELU, n => n.Emit(new PRelu()));
        t.Add(BuiltinOperator.LOGICAL_NOT, n => n.Emit(new LogicalNot()));

        t.Add(BuiltinOperator.ADD, Add);
        t.Add(BuiltinOperator.SUB, Sub);
        t.Add(BuiltinOperator.MUL, Mul);
        t.Add(BuiltinOperator.DIV, Div);
        t.Add(BuiltinOperator.ADD_N, n => n.Emit(new AddN()));
        t.Add(BuiltinOperator.SQUARED_DIFFERENCE, n => n.Emit(new SquaredDifference()));
        t.Add(BuiltinOperator.MAXIMUM, n => n.Emit(new Maximum()));
        t.Add(BuiltinOperator.MINIMUM, n => n.Emit(new Minimum()));
        t.Add(BuiltinOperator.POW, n => n.Emit(new Pow()));
        t.Add(BuiltinOperator.FLOOR_DIV, n => n.Emit(new FloorDiv()));
        t.Add(BuiltinOperator.FLOOR_MOD, n => n.Emit(new FloorMod()));
        t.Add(BuiltinOperator.ATAN2, n => n.Emit(new Atan2()));
        t.Add(BuiltinOperator.LOGICAL_AND, n => n.Emit(new LogicalAnd()));
        t.Add(BuiltinOperator.LOGICAL_OR, n => n.Emit(new LogicalOr()));
        t.Add(BuiltinOperator.BITWISE_XOR, n => n.Emit(new BitwiseXor()));
        t.Add(BuiltinOperator.RIGHT_SHIFT, n => n.Emit(new ShiftRight()));
        t.Add(BuiltinOperator.EQUAL, n => n.Emit(new Equal()));
        t.Add(BuiltinOperator.NOT_EQUAL, n => n.Emit(new NotEqual()));
        t.Add(BuiltinOperator.LESS, n => n.Emit(new Less()));
        t.Add(BuiltinOperator.LESS_EQUAL, n => n.Emit(new LessEqual()));
        t.Add(BuiltinOperator.GREATER, n => n.Emit(new Greater()));
        t.Add(BuiltinOperator.GREATER_EQUAL, n => n.Emit(new GreaterEqual()));
        t.Add(BuiltinOperator.SELECT, Select);
        t.Add(BuiltinOperator.SELECT_V2, n => n.Emit(new Select()));

        t.Add(BuiltinOperator.CAST, n => n.Emit(new Cast(n.OutType(0))));
        t.Add(BuiltinOperator.BITCAST, n => n.Emit(new Bitcast(n.OutType(0))));
        t.Add(BuiltinOperator.QUANTIZE, n => n.Emit(new Quantize(n.OutType(0))));
        t.Add(BuiltinOperator.DEQUANTIZE, n => n.Emit(new Dequantize()));
        t.Add(BuiltinOperator.FAKE_QUANT, FakeQuant);
        t.Add(BuiltinOperator.REAL, n => n.Emit(new Real()));
        t.Add(BuiltinOperator.IMAG, n => n.Emit(new Imag()));
        t.Add(BuiltinOperator.COMPLEX_ABS, n => n.Emit(new ComplexAbs()));
    }

    /// <summary>Adds what a fused activation of the schema does to a value.</summary>
    public static void Activate(NodeImport n, int activation, int value)
    {
        const int SignBitActivation = 5;
        switch (activation)
        {
            case 1:
                n.Emit(new Relu(), value);
                break;
            case 2:
                n.Emit(new ReluN1To1(), value);
                break;
            case 3:
                n.Emit(new Relu6(), value);
                break;
            case 4:
                n.Emit(new Tanh(), value);
                break;
            case SignBitActivation:
                int isNegative = n.Add(new SignBit(), "sign", quant: null, value);
                n.Emit(new Cast(DType.Float32), isNegative);
                break;
            default:
                throw n.Fail($"fused activation {activation} is not in the schema");
        }
    }

    static void Add(NodeImport n) => n.Emit(
        a => new Add(a), n.Options(Options.Add.Kind).Byte(Options.Add.FusedActivation, 0),
        n.Inputs());

    static void Sub(NodeImport n) => n.Emit(
        a => new Sub(a), n.Options(Options.Sub.Kind).Byte(Options.Sub.FusedActivation, 0),
        n.Inputs());

    static void Mul(NodeImport n) => n.Emit(
        a => new Mul(a), n.Options(Options.Mul.Kind).Byte(Options.Mul.FusedActivation, 0),
        n.Inputs());

    static void Div(NodeImport n) => n.Emit(
        a => new Div(a), n.Options(Options.Div.Kind).Byte(Options.Div.FusedActivation, 0),
        n.Inputs());

    // The first form of SELECT also takes one condition for each slice of the outermost axis.
    static void Select(NodeImport n)
    {
        Shape condition = n.ShapeOf(0);
        Shape x = n.ShapeOf(1);
        if (condition.Rank != 1 || x.Rank <= 1)
        {
            n.Emit(new Select());
            return;
        }

        var dims = new int[x.Rank];
        Array.Fill(dims, 1);
        dims[0] = condition[0];
        int rows = n.Add(new Reshape(dims), "rows", quant: null, n.Input(0));
        n.Emit(new Select(), rows, n.Input(1), n.Input(2));
    }

    static void FakeQuant(NodeImport n)
    {
        FlatTable o = n.Options(Options.FakeQuant.Kind);
        n.Emit(new FakeQuant(
            o.Float(Options.FakeQuant.Min),
            o.Float(Options.FakeQuant.Max),
            o.Int(Options.FakeQuant.NumBits),
            o.Bool(Options.FakeQuant.NarrowRange)));
    }
}
