namespace EdgeDL.Kernels.Quant;

/// <summary>
/// A factor as a quotient, so that a product with an integer is rounded once: 29 bits times the 24
/// of an fp32 scale are exact in a double.
/// </summary>
public readonly record struct Ratio(float Numerator, double Denominator)
{
    public double Times(int x) => x * (double)Numerator / Denominator;
}
