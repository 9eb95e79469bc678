using EdgeDL.Execution;
using EdgeDL.Kernels.Recurrent;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// An fp32 vector as a cell's matrices take it: itself, or quantized once for all of them.
/// </summary>
readonly unsafe struct CellVector
{
    public readonly float* Values;
    public readonly sbyte* Quantized;
    public readonly float Scale;
    public readonly int Zero;
    public readonly bool IsZero;

    /// <param name="values">The numbers.</param>
    /// <param name="count">How many.</param>
    /// <param name="into">Where the quantized ones go; null if the matrices are fp32.</param>
    /// <param name="asymmetric">Quantize with a zero point.</param>
    public CellVector(float* values, int count, sbyte* into, bool asymmetric)
    {
        Values = values;
        Quantized = into;
        if (into == null)
        {
            return;
        }

        var x = new ReadOnlySpan<float>(values, count);
        var q = new Span<sbyte>(into, count);
        IsZero = x.IndexOfAnyExcept(0f) < 0;
        if (asymmetric)
        {
            (Scale, Zero) = HybridVector.Asymmetric(x, q);
        }
        else
        {
            Scale = HybridVector.Symmetric(x, q);
        }
    }
}

/// <summary>y += M x with an fp32 M, or an int8 one with one scale.</summary>
sealed unsafe class CellMatrix
{
    readonly TensorView m;
    readonly int rows;
    readonly int columns;
    readonly RowDots.FloatRow floats = RowDots.BestFloat();
    readonly RowDots.Int8Row int8 = RowDots.BestInt8();
    readonly int* rowSums;
    readonly int* accumulators;

    /// <param name="c">For memory.</param>
    /// <param name="input">The operand: rows × columns.</param>
    /// <param name="accumulators">One number a row, while <see cref="Add"/> runs.</param>
    public CellMatrix(PrepareContext c, int input, int* accumulators)
    {
        m = c.Input(input);
        rows = m.Shape[0];
        columns = m.Shape[1];
        this.accumulators = accumulators;
        if (m.DType != DType.Int8)
        {
            return;
        }

        rowSums = c.Pack<int>(rows);
        for (int r = 0; r < rows; r++)
        {
            for (int i = 0; i < columns; i++)
            {
                rowSums[r] += m.Pointer<sbyte>()[((long)r * columns) + i];
            }
        }
    }

    /// <summary>y += M x.</summary>
    public void Add(in CellVector x, float* y)
    {
        if (m.DType == DType.Float32)
        {
            floats.Run(m.Pointer<float>(), x.Values, rows, columns, y);
            return;
        }

        if (x.IsZero)
        {
            return;
        }

        new Span<int>(accumulators, rows).Clear();
        int8.Run(m.Pointer<sbyte>(), x.Quantized, rows, columns, accumulators);
        float scale = x.Scale * m.Quant!.Scale;
        for (int r = 0; r < rows; r++)
        {
            y[r] += (accumulators[r] - (x.Zero * rowSums[r])) * scale;
        }
    }
}
