namespace EdgeDL.Kernels.Elementwise;

/// <summary>The scalar meaning of a function, for what is computed once: tables.</summary>
public abstract class ScalarFunction
{
    public abstract float Apply(float x);
}

/// <summary>The scalar meaning of one function.</summary>
public sealed class ScalarFunction<TFn>(TFn fn) : ScalarFunction
    where TFn : struct, IUnary
{
    public override float Apply(float x) => fn.Apply(x);
}
