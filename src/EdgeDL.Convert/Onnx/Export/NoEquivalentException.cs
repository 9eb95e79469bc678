namespace EdgeDL.Convert.Onnx.Export;

/// <summary>An op, or a use of it, that ONNX can't say; gathered over the whole graph.</summary>
sealed class NoEquivalentException(string reason) : Exception(reason);
