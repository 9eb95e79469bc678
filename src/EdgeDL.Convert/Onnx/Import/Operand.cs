using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import;

/// <summary>What a name of the file stands for while it is imported.</summary>
abstract record Operand;

/// <summary>A value of our graph.</summary>
/// <param name="Value">Its index.</param>
/// <param name="Stored">The type that the file gives it: floats of other widths are computed as
/// <see cref="DType.Float32"/>.</param>
sealed record TensorOperand(int Value, DType Stored) : Operand;

/// <summary>A list whose length is known now; at run time only its items are left.</summary>
sealed record SequenceOperand(IReadOnlyList<Operand> Items) : Operand;

/// <summary>Something that may be absent; which of the two is known now.</summary>
sealed record OptionalOperand(Operand? Item) : Operand;
