using EdgeDL.Graphs;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Export.Families;

/// <summary>
/// Variables: an input that holds the state before the run, with the initial value as its default,
/// and an output that holds it afterwards.
/// </summary>
static class States
{
    /// <summary>What a variable holds now, as it is stored.</summary>
    public static OnnxTensor Read(NodeExport n, int id)
    {
        if (!n.Scope.IsMain)
        {
            throw new NoEquivalentException("bodies of control flow can't keep state in ONNX");
        }

        ExportRun run = n.Run;
        if (run.Variables.TryGetValue(id, out var known))
        {
            return known.Last;
        }

        Variable v = run.Model.Variables[id];
        var input = new OnnxTensor(v.Name, v.DType, v.Shape);
        n.Scope.Body.Defaults.Add((input, Constants.Data(v.DType, v.Shape, Initial(v))));
        run.Variables[id] = (input, input);
        return input;
    }

    /// <summary>What a variable holds now, as reals.</summary>
    public static OnnxTensor Real(NodeExport n, int id)
    {
        OnnxTensor raw = Read(n, id);
        if (n.Run.Model.Variables[id].Quant is not { } quant)
        {
            return raw;
        }

        OnnxTensor steps = n.Binary(
            "Sub", n.Cast(raw, DType.Float32), n.Number(DType.Float32, quant.ZeroPoint));
        return n.Binary("Mul", steps, n.Number(DType.Float32, quant.Scale));
    }

    /// <summary>Sets a variable to reals of any shape that fits.</summary>
    public static void Assign(NodeExport n, int id, OnnxTensor real)
    {
        Variable v = n.Run.Model.Variables[id];
        OnnxTensor y = real;
        if (v.Quant is { } quant)
        {
            int bits = v.DType.Bits() - 1;
            y = n.Unary("Round", n.Binary("Div", y, n.Number(DType.Float32, quant.Scale)));
            y = n.Binary("Add", y, n.Number(DType.Float32, quant.ZeroPoint));
            y = n.Cast(n.Clipped(y, -(1 << bits), (1 << bits) - 1), v.DType);
        }

        AssignRaw(n, id, y);
    }

    /// <summary>Sets a variable to what is stored like it.</summary>
    public static void AssignRaw(NodeExport n, int id, OnnxTensor raw)
    {
        OnnxTensor input = Input(n, id);
        n.Run.Variables[id] = (input, n.Reshape(raw, n.Run.Model.Variables[id].Shape));
    }

    static OnnxTensor Input(NodeExport n, int id)
    {
        Read(n, id);
        return n.Run.Variables[id].Input;
    }

    static byte[] Initial(Variable v)
    {
        if (v.Initial is not null)
        {
            return v.Initial.Span[..(int)v.Bytes].ToArray();
        }

        int[] zeros = new int[v.Shape.Elements];
        Array.Fill(zeros, v.Quant?.ZeroPoint ?? 0);
        return Constants.Integers("", v.DType, v.Shape, zeros).Data!.RawData.ToByteArray();
    }
}
