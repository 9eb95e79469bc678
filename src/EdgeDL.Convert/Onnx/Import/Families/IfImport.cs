using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>
/// If: the branch is copied in if the condition is known, else both become graphs.
/// </summary>
static class IfImport
{
    public static void Import(NodeImport n)
    {
        GraphProto then = n.Body("then_branch");
        GraphProto otherwise = n.Body("else_branch");
        if (n.In(0) is not { DType: DType.Bool, Shape.Elements: 1 })
        {
            throw n.Fail($"it decides by one Bool, gets {n.In(0)}");
        }

        if (n[n.Input(0)].Constant is { } known)
        {
            Inline(n, known.Span[0] != 0 ? then : otherwise);
        }
        else if (ShapesAgree(then, otherwise))
        {
            Branch(n, then, otherwise);
        }
        else if (n.Known(0) is { } given)
        {
            Inline(n, given.Span[0] != 0 ? then : otherwise);
        }
        else
        {
            throw n.Unsupported("its branches give tensors of different shapes",
                "fix the condition with --input-value NAME=1 or 0, or export one branch");
        }
    }

    static void Inline(NodeImport n, GraphProto branch)
    {
        Operand[] outputs = Body.Inline(n, branch, $"{n.Name}/", []);
        for (int o = 0; o < n.OutputCount; o++)
        {
            n.SetOutput(o, o < outputs.Length
                ? outputs[o]
                : throw n.Fail($"its branch gives {outputs.Length} outputs"));
        }
    }

    // What the file itself says of them; where it says nothing, they are tried.
    static bool ShapesAgree(GraphProto then, GraphProto otherwise)
    {
        for (int i = 0; i < Math.Min(then.Output.Count, otherwise.Output.Count); i++)
        {
            TypeProto? a = then.Output[i].Type;
            TypeProto? b = otherwise.Output[i].Type;
            if (a?.ValueCase is TypeProto.ValueOneofCase.SequenceType
                or TypeProto.ValueOneofCase.OptionalType
                || (a?.TensorType?.Shape is { } x && b?.TensorType?.Shape is { } y
                    && !x.Equals(y)))
            {
                return false;
            }
        }

        return true;
    }

    static void Branch(NodeImport n, GraphProto then, GraphProto otherwise)
    {
        Dictionary<string, TensorOperand> captured = Body.Captured(n, then, otherwise);
        int thenGraph = Callee(n, then, "then", captured, out Operand[] outputs);
        int elseGraph = Callee(n, otherwise, "else", captured, out _);
        int[] results = n.AddMany(new If(thenGraph, elseGraph), "if", outputs.Length,
            [n.Input(0), .. captured.Values.Select(c => c.Value)]);
        for (int o = 0; o < results.Length; o++)
        {
            n.SetOutput(o, results[o]);
        }
    }

    static int Callee(NodeImport n, GraphProto branch, string suffix,
        IReadOnlyDictionary<string, TensorOperand> captured, out Operand[] outputs)
    {
        GraphImport graph = Body.Callee(
            n, branch, $"{n.Name}/{suffix}", [], captured, out outputs);
        foreach (Operand output in outputs)
        {
            graph.Builder.Output(output is TensorOperand tensor
                ? tensor.Value
                : throw n.Unsupported("its branches give lists",
                    "fix the condition with --input-value NAME=1 or 0"));
        }

        return graph.Builder.GraphIndex;
    }
}
