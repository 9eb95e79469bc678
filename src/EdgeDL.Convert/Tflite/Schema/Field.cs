namespace EdgeDL.Convert.Tflite.Schema;

/// <summary>
/// A field of a FlatBuffers table: its number in the schema and its name for errors.
/// </summary>
readonly record struct Field(int Id, string Name);

/// <summary>A member of the schema's BuiltinOptions union: its number and its name.</summary>
readonly record struct OptionsKind(int Type, string Name);
