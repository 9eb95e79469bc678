using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Tensors;
using Dimension = EdgeDL.Convert.Onnx.Schema.TensorShapeProto.Types.Dimension;

namespace EdgeDL.Convert.Onnx.Import;

/// <summary>
/// The extents that a file leaves open, and what fixes them: one by name for all inputs, the
/// shape of an input that has the name too, or 1 for the first axis.
/// </summary>
sealed class OpenDimensions
{
    readonly Dictionary<string, int> fixedBy = [];

    /// <summary>Fixes every name, and refuses all that stays open, at once.</summary>
    /// <exception cref="ArgumentException">The caller fixes what is not there.</exception>
    public OpenDimensions(IEnumerable<ValueInfoProto> inputs, ImportOptions options)
    {
        (string Name, TensorShapeProto Shape)[] shapes =
        [
            .. inputs.Where(i => i.Type?.TensorType?.Shape is not null)
                .Select(i => (i.Name, i.Type.TensorType.Shape)),
        ];
        string[] names = [.. shapes.SelectMany(s => s.Shape.Dim).Where(IsNamed)
            .Select(d => d.DimParam).Distinct()];
        Take(names, options);
        foreach ((string name, TensorShapeProto shape) in shapes)
        {
            if (options.InputShapes.TryGetValue(name, out int[]? given))
            {
                TakeShape(name, shape, given);
            }
        }

        RejectOpen([.. shapes.Where(s => !options.InputShapes.ContainsKey(s.Name))], options.Log);
    }

    /// <summary>The extents of an input.</summary>
    public Shape ShapeOf(TensorShapeProto shape, string place) => TensorData.ShapeOf(
        [.. shape.Dim.Select(d => IsOpen(d) ? ExtentOf(d) ?? 1 : d.DimValue)], place);

    void Take(string[] names, ImportOptions options)
    {
        string[] unknown = [.. options.Dimensions.Keys.Except(names)];
        if (unknown.Length > 0)
        {
            throw new ArgumentException(
                $"the model has no open dimension '{string.Join("', '", unknown)}', it has: "
                    + (names.Length == 0 ? "none with a name" : string.Join(", ", names)));
        }

        foreach ((string name, int extent) in options.Dimensions)
        {
            fixedBy[name] = extent >= 1
                ? extent
                : throw new ArgumentException(
                    $"dimension '{name}' can't be {extent}: it is at least 1");
        }
    }

    // A name stands for one number, whichever input says it.
    void TakeShape(string input, TensorShapeProto shape, int[] given)
    {
        for (int i = 0; i < Math.Min(given.Length, shape.Dim.Count); i++)
        {
            Dimension dim = shape.Dim[i];
            if (IsNamed(dim) && !fixedBy.TryAdd(dim.DimParam, given[i])
                && fixedBy[dim.DimParam] != given[i])
            {
                throw new ArgumentException($"dimension '{dim.DimParam}' is "
                    + $"{fixedBy[dim.DimParam]}, but the shape given for input '{input}' makes it "
                    + $"{given[i]}");
            }
        }
    }

    void RejectOpen((string Name, TensorShapeProto Shape)[] shapes, Action<string>? log)
    {
        var inner = shapes.SelectMany(s => s.Shape.Dim.Skip(1)).Where(IsNamed)
            .Select(d => d.DimParam).ToHashSet();
        var places = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        var unnamed = new List<string>();
        foreach ((string input, TensorShapeProto shape) in shapes)
        {
            for (int i = 0; i < shape.Dim.Count; i++)
            {
                Dimension dim = shape.Dim[i];
                if (!IsOpen(dim) || ExtentOf(dim) is not null)
                {
                    continue;
                }

                string place = $"axis {i} of '{input}'";
                if (i == 0 && !(IsNamed(dim) && inner.Contains(dim.DimParam)))
                {
                    log?.Invoke($"input '{input}': the open axis 0 is 1; "
                        + (IsNamed(dim) ? $"--dim {dim.DimParam}=N" : "--input-shape")
                        + " says otherwise");
                }
                else if (IsNamed(dim))
                {
                    (places.TryGetValue(dim.DimParam, out List<string>? known)
                        ? known : places[dim.DimParam] = []).Add(place);
                }
                else
                {
                    unnamed.Add(place);
                }
            }
        }

        if (places.Count + unnamed.Count > 0)
        {
            throw Reject.Unsupported("ONNX model", "its inputs have open dimensions: "
                + string.Join("; ",
                [
                    .. places.Select(p => $"{p.Key} ({string.Join(", ", p.Value)})"),
                    .. unnamed.Select(p => $"{p}, which has no name"),
                ]),
                "fix them when converting: " + string.Join(" ",
                [
                    .. places.Keys.Select(name => $"--dim {name}=N"),
                    .. shapes.Where(s => s.Shape.Dim.Skip(1).Any(d => IsOpen(d) && !IsNamed(d)))
                        .Select(s => $"--input-shape {s.Name}={Pattern(s.Shape)}"),
                ]));
        }
    }

    string Pattern(TensorShapeProto shape) => string.Join('x', shape.Dim.Select(
        d => !IsOpen(d) ? $"{d.DimValue}" : ExtentOf(d) is { } extent ? $"{extent}" : "N"));

    int? ExtentOf(Dimension dim) =>
        IsNamed(dim) && fixedBy.TryGetValue(dim.DimParam, out int extent) ? extent : null;

    // Some exporters write −1 for an extent that they leave open.
    static bool IsOpen(Dimension dim) => !dim.HasDimValue || dim.DimValue < 0;

    static bool IsNamed(Dimension dim) =>
        IsOpen(dim) && dim.HasDimParam && dim.DimParam.Length > 0;
}
