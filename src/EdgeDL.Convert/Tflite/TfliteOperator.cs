using EdgeDL.Convert.Tflite.Schema;

namespace EdgeDL.Convert.Tflite;

/// <summary>An operator as the file has it; its tensors are indices into the subgraph.</summary>
sealed class TfliteOperator
{
    public required BuiltinOperator Builtin { get; init; }

    /// <summary>The name of a custom operator; empty for a builtin.</summary>
    public required string CustomCode { get; init; }

    public required int Version { get; init; }

    /// <summary>−1 stands for an input that is left out.</summary>
    public required int[] Inputs { get; init; }

    public required int[] Outputs { get; init; }

    /// <summary>Tensors inside the operator, of which only the quantization matters.</summary>
    public required int[] Intermediates { get; init; }

    public required int OptionsType { get; init; }

    public required FlatTable OptionsTable { get; init; }

    public required ReadOnlyMemory<byte> CustomOptions { get; init; }

    /// <summary>The operator's name as users know it: CONV_2D, or the custom code.</summary>
    public string OpName => Builtin == BuiltinOperator.CUSTOM
        ? CustomCode
        : Enum.IsDefined(Builtin) ? Builtin.ToString() : $"builtin {(int)Builtin}";

    /// <summary>The option table of one kind; all defaults when the file has none.</summary>
    /// <exception cref="InvalidModelException">The file has another kind there.</exception>
    public FlatTable Options(OptionsKind kind)
    {
        if (OptionsType == 0)
        {
            return default;
        }

        return OptionsType == kind.Type ? OptionsTable : throw Reject.Model(
            OpName,
                $"carries options of kind {OptionsType}, its own are {kind.Name} ({kind.Type})");
    }
}
