using EdgeDL.Graphs;
using EdgeDL.Memory;
using EdgeDL.Tensors;

namespace EdgeDL.Execution;

/// <summary>How a session is opened.</summary>
public sealed record SessionOptions
{
    /// <summary>Threads to run on, the caller's included; 1 to 64.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The most native memory the session may take: arena and packed weights, but not
    /// those that are used where they lie in the file.</summary>
    public long MemoryBudgetBytes { get; init; } = long.MaxValue;

    /// <summary>Refuse a file whose weights are not packed for this CPU, instead of packing them.
    /// </summary>
    public bool RequirePackedWeights { get; init; }

    /// <summary>Decides where a node can be computed in several ways; null: the way whose block
    /// lies in the file, else the one that is likely to be the fastest.</summary>
    public LayoutChoice? Layouts { get; init; }
}

/// <summary>
/// A model ready to run, in native memory of its own. Fill the inputs, <see cref="Run"/>, read
/// the outputs. Inputs and outputs may share memory: fill every input before every run, and read
/// or copy the outputs before filling the next. One thread at a time may use it.
/// </summary>
public sealed class Session : IDisposable
{
    readonly SessionBuilder parts;
    readonly Workers workers;
    readonly SharedBlock? mapping;
    readonly Step[] steps;
    Profiler? profiler;
    bool disposed;

    /// <summary>
    /// Opens a session on <paramref name="model"/>, single-threaded, without a budget.
    /// </summary>
    /// <inheritdoc cref="Session(Model, SessionOptions)"/>
    public Session(Model model)
        : this(model, new SessionOptions())
    {
    }

    /// <summary>Opens a session on <paramref name="model"/>.</summary>
    /// <exception cref="InvalidModelException">The model is not valid.</exception>
    /// <exception cref="MemoryBudgetException">It needs more memory than the options
    /// allow.</exception>
    /// <exception cref="PackedTargetException">Its weights are not packed for this CPU, and the
    /// options demand it.</exception>
    public Session(Model model, SessionOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Threads, 64);
        workers = new Workers(options.Threads);
        try
        {
            parts = new SessionBuilder(
                model, workers, PackedMemory.ForRunning(model, options),
                options.MemoryBudgetBytes);
        }
        catch
        {
            workers.Dispose();
            throw;
        }

        mapping = model.Mapping?.AddReference();
        // Checking read the whole file and packing copied the weights: most of what lies before
        // the packed ones is not needed again, and what is comes back page by page.
        mapping?.LeavePages(
            parts.Packed.InPlace > 0 ? model.Packed!.FileOffset : mapping.Bytes);
        Model = model;
        steps = parts.Steps;
        MemoryPlan plan = parts.Plan;
        Memory = new ArenaReport
        {
            ActivationBytes = plan.ActivationBytes,
            PersistentBytes = plan.PersistentBytes,
            LowerBoundBytes = plan.Graphs[0].LowerBoundBytes,
            WorkerScratchBytes = parts.WorkerScratch.Bytes,
            PackedBytes = parts.Arena.Bytes - plan.ActivationBytes - plan.PersistentBytes
                - parts.WorkerScratch.Bytes,
        };
    }

    /// <summary>The model that runs.</summary>
    public Model Model { get; }

    /// <summary>Whether the file's packed weights serve this CPU.</summary>
    public PackingReport Packing => new()
    {
        FileTarget = Model.Packed?.Target,
        CpuTarget = parts.Packed.Target.Name,
        InPlace = parts.Packed.InPlace,
        Packed = parts.Packed.Packed,
    };

    /// <summary>What the session's memory is made of.</summary>
    public ArenaReport Memory { get; }

    public int InputCount => parts.Inputs.Length;

    public int OutputCount => parts.Outputs.Length;

    /// <summary>Input <paramref name="i"/>: a view to be filled before every run.</summary>
    public TensorView Input(int i) => Checked(parts.Inputs)[i];

    /// <summary>
    /// Output <paramref name="i"/>: a view that holds the result of the last run.
    /// </summary>
    public TensorView Output(int i) => Checked(parts.Outputs)[i];

    /// <summary>The input of this name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those there
    /// are.</exception>
    public TensorView Input(string name) => Find(Checked(parts.Inputs), name, "input");

    /// <summary>The output of this name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those there
    /// are.</exception>
    public TensorView Output(string name) => Find(Checked(parts.Outputs), name, "output");

    /// <summary>Variable <paramref name="i"/> of the model: its state between runs.</summary>
    public TensorView Variable(int i)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return parts.Variable(i);
    }

    /// <summary>Runs the model once. Allocates nothing.</summary>
    /// <returns>True if the outputs hold an answer. False if a streaming model took the input in
    /// and waits for more: the outputs hold nothing of use then.</returns>
    public bool Run()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (profiler is not null)
        {
            return profiler.Run(steps);
        }

        return Step.RunAll(steps);
    }

    /// <summary>Forgets all state: every variable is what it was at first.</summary>
    public void ResetVariables()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        parts.ResetVariables();
    }

    /// <summary>Starts to time every node; runs cost a little more from now on.</summary>
    public Profiler StartProfiling() => profiler = new Profiler(Model.Main, parts.StepNodes);

    /// <summary>Stops timing.</summary>
    public void StopProfiling() => profiler = null;

    public void Dispose()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        workers.Dispose();
        parts.Arena.Dispose();
        mapping?.Release();
    }

    static TensorView Find(TensorView[] views, string name, string what)
    {
        foreach (TensorView view in views)
        {
            if (view.Name == name)
            {
                return view;
            }
        }

        throw new ArgumentException(
            $"the model has no {what} '{name}', it has: "
                + $"{string.Join(", ", views.Select(v => v.Name))}");
    }

    TensorView[] Checked(TensorView[] views)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return views;
    }
}
