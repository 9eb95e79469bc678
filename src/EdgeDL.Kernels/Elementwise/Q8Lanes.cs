namespace EdgeDL.Kernels.Elementwise;

/// <summary>
/// 8-bit values widened to a vector of 32-bit integers or floats, and back: one vector width, given
/// to generic loops as a type argument. T is sbyte or byte.
/// </summary>
public unsafe interface IQ8Lanes<TI, TF>
    where TI : unmanaged
    where TF : unmanaged
{
    static abstract int Count { get; }
    static abstract TI Load<T>(T* source)
        where T : unmanaged;
    /// <summary>Every lane must be inside the range of T.</summary>
    static abstract void Store<T>(TI value, T* target)
        where T : unmanaged;
    static abstract TI Broadcast(int value);
    static abstract TI Add(TI a, TI b);
    static abstract TI Subtract(TI a, TI b);
    static abstract TI Multiply(TI a, TI b);
    static abstract TI ShiftRight(TI a, int count);
    static abstract TI Min(TI a, TI b);
    static abstract TI Max(TI a, TI b);
    static abstract TF ToFloat(TI a);
    /// <summary>The nearest integer, halves to even; NaN gives 0.</summary>
    static abstract TI Round(TF a);
    static abstract TF LoadFloat(float* source);
    static abstract void StoreFloat(TF value, float* target);
    static abstract TF BroadcastFloat(float value);
    static abstract TF Multiply(TF a, TF b);
    static abstract TF Divide(TF a, TF b);
    /// <summary>fn(a, b) with its own lanes of this width.</summary>
    static abstract TF Apply<TFn>(in TFn fn, TF a, TF b)
        where TFn : struct, ILaneBinary<float>;
    /// <summary>min(max(a, low), high); where a is NaN the result is NaN.</summary>
    static abstract TF Clamp(TF a, TF low, TF high);
}
