using EdgeDL.Convert.Onnx.Schema;

namespace EdgeDL.Convert.Onnx.Import;

/// <summary>
/// The names of one graph, function or body of the file. A body sees the names around it.
/// </summary>
sealed class Scope(Scope? outer, string prefix)
{
    readonly Dictionary<string, Operand> operands = [];
    readonly Dictionary<string, TensorProto> initializers = [];

    /// <summary>Stands before the names of what is imported here: bodies are copied.</summary>
    public string Prefix => prefix;

    /// <summary>Says what a name stands for; it must be new.</summary>
    public void Define(string name, Operand operand)
    {
        if (initializers.ContainsKey(name) || !operands.TryAdd(name, operand))
        {
            throw Reject.Model($"value '{name}'", "two nodes, inputs or constants have this name");
        }
    }

    /// <summary>Says anew what a name stands for.</summary>
    public void Redefine(string name, Operand operand) => operands[name] = operand;

    /// <summary>A constant of the file, which becomes a value when something reads it.</summary>
    public void Define(TensorProto initializer)
    {
        if (!initializers.TryAdd(initializer.Name, initializer))
        {
            throw Reject.Model($"constant '{initializer.Name}'", "two constants have this name");
        }
    }

    /// <summary>True if this scope itself has a constant of the file of this name.</summary>
    public bool HasInitializer(string name) => initializers.ContainsKey(name);

    /// <summary>What a name stands for; null if nothing here or around has it.</summary>
    /// <param name="name">The name.</param>
    /// <param name="load">Turns a constant of the file into a value.</param>
    public Operand? Find(string name, Func<TensorProto, Operand> load)
    {
        for (Scope? scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope.operands.TryGetValue(name, out Operand? operand))
            {
                return operand;
            }

            if (scope.initializers.Remove(name, out TensorProto? initializer))
            {
                return scope.operands[name] = load(initializer);
            }
        }

        return null;
    }

    /// <summary>The scope around this one; null for the main graph and for functions.</summary>
    public Scope? Outer => outer;
}
