using System.Globalization;
using EdgeDL.Bench.Peak;
using EdgeDL.Bench.Timing;
using EdgeDL.Memory;

namespace EdgeDL.Bench.Compare;

/// <summary>One cell of the comparison; what could not be measured is null.</summary>
sealed record CompareRow
{
    public required string Model { get; init; }

    public required string DType { get; init; }

    public required int Threads { get; init; }

    public long Macs { get; init; }

    /// <summary>What a session needs: activations and variables, and packed weights.</summary>
    public ArenaReport? Memory { get; init; }

    /// <summary>Which ops our time goes to, in words.</summary>
    public string? Profile { get; init; }

    public Times? Ours { get; init; }

    public Times? Ort { get; init; }

    /// <summary>The form of the model that ONNX Runtime runs.</summary>
    public string? Form { get; init; }

    public Agreement? Agreement { get; init; }

    /// <summary>What the threads' cores could do, in 10⁹ operations a second; 0: not known.
    /// </summary>
    public double PeakGigaOperations { get; init; }

    /// <summary>Why something was not measured.</summary>
    public string? Note { get; init; }

    /// <summary>True if our engine rejects the model.</summary>
    public bool IsRejected { get; init; }

    /// <summary>Our time over ONNX Runtime's.</summary>
    public double? Ratio => Ours is null || Ort is null ? null : Ours.Median / Ort.Median;

    public Target? Target => Targets.Of(Model, DType, Threads);

    /// <summary>Null where there is no target or no ratio.</summary>
    public bool? Holds => Ratio is { } ratio && Target is { } target
        ? ratio <= target.Ratio : null;

    /// <summary>Why this row doesn't show what it is to show, in a line; null if it does.</summary>
    public string? Failure => Reason is not { } reason ? null
        : string.Create(
            CultureInfo.InvariantCulture, $"{Model} {DType} on {Threads} thread(s): {reason}");

    string? Reason =>
        Agreement is { Holds: false } ? $"answers differ: {Agreement.Finding}"
        : Target is not { } target || Holds == true ? null
        : Ratio is { } ratio ? string.Create(
            CultureInfo.InvariantCulture, $"ratio {ratio:0.000} is over {target.Ratio:0.###}")
        : $"no ratio to hold against its target: {Note ?? "a peer was not measured"}";

    /// <summary>Two operations a multiply-accumulate.</summary>
    public double? GigaOperations => Ours is null ? null : Macs * 2e-3 / Ours.Median;

    public double? OrtGigaOperations => Ort is null ? null : Macs * 2e-3 / Ort.Median;

    public double? ShareOfPeak =>
        PeakGigaOperations > 0 ? GigaOperations / PeakGigaOperations : null;

    /// <summary>The same row beside what its threads' cores could do.</summary>
    public CompareRow Beside(CorePeaks peaks) => this with
    {
        PeakGigaOperations = Threads
            * (DType == Arithmetic.Float32 ? peaks.Float32Peak : peaks.Int8Peak),
    };
}
