using EdgeDL.Tensors;

namespace EdgeDL.Testing;

/// <summary>A tensor of doubles, row-major: what references compute with.</summary>
public sealed class RealTensor(Shape shape, double[] values)
{
    public Shape Shape => shape;

    public double[] Values => values;

    public int Rank => shape.Rank;

    public int Count => values.Length;

    /// <summary>An extent; negative axes count from the end.</summary>
    public int Dim(int axis) => shape[axis];

    /// <summary>An element by its flat index.</summary>
    public ref double this[int i] => ref values[i];

    /// <summary>An element by its coordinates.</summary>
    public ref double At(params ReadOnlySpan<int> index)
    {
        int flat = 0;
        for (int axis = 0; axis < index.Length; axis++)
        {
            flat = (flat * shape[axis]) + index[axis];
        }

        return ref values[flat];
    }

    /// <summary>
    /// The element that broadcasting puts at these coordinates of a larger shape.
    /// </summary>
    public double Broadcast(ReadOnlySpan<int> index)
    {
        int flat = 0;
        int skip = index.Length - shape.Rank;
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            int extent = shape[axis];
            flat = (flat * extent) + (extent == 1 ? 0 : index[axis + skip]);
        }

        return values[flat];
    }

    /// <summary>
    /// Calls back with the coordinates and flat index of every element, in order.
    /// </summary>
    public void ForEach(Action<int[], int> visit)
    {
        var index = new int[shape.Rank];
        for (int flat = 0; flat < values.Length; flat++)
        {
            int rest = flat;
            for (int axis = shape.Rank - 1; axis >= 0; axis--)
            {
                index[axis] = rest % shape[axis];
                rest /= shape[axis];
            }

            visit(index, flat);
        }
    }
}

/// <summary>One run of an op in doubles: read the inputs, fill the outputs.</summary>
public sealed class OpRun(RealTensor?[] inputs, RealTensor[] outputs, RealTensor[] variables)
{
    /// <summary>Input i; throws if it was left out.</summary>
    public RealTensor In(int i) => inputs[i] ?? throw new ArgumentException($"no input {i}");

    public bool HasInput(int i) => i < inputs.Length && inputs[i] is not null;

    public int InputCount => inputs.Length;

    /// <summary>Output i, zeros at first, with the shape that inference gave it.</summary>
    public RealTensor Out(int i) => outputs[i];

    public int OutputCount => outputs.Length;

    /// <summary>A variable: it keeps what the run writes until the next.</summary>
    public RealTensor Variable(int i) => variables[i];

    /// <summary>Out(0)[i] = f(In(0)[i]).</summary>
    public void Map(Func<double, double> f)
    {
        for (int i = 0; i < Out(0).Count; i++)
        {
            Out(0)[i] = f(In(0)[i]);
        }
    }

    /// <summary>Out(0) = f(In(0), In(1)), broadcast.</summary>
    public void Zip(Func<double, double, double> f)
    {
        Out(0).ForEach((index, flat) =>
            Out(0)[flat] = f(In(0).Broadcast(index), In(1).Broadcast(index)));
    }

    /// <summary>Out(0)[at] = f(at), coordinate by coordinate.</summary>
    public void Each(Func<int[], double> f)
    {
        Out(0).ForEach((index, flat) => Out(0)[flat] = f(index));
    }
}
