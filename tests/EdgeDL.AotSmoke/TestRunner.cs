using System.Reflection;
using Xunit.Sdk;

namespace EdgeDL.AotSmoke;

/// <summary>Runs every fact and theory of this assembly: a test framework in a screenful.</summary>
static class TestRunner
{
    static readonly string[] only =
        (Environment.GetEnvironmentVariable("EDGEDL_ONLY") ?? "").Split(',');

    public static bool IsFiltered => only[0].Length > 0;

    public static void RunAll(Report report)
    {
        foreach (Type type in typeof(TestRunner).Assembly.GetTypes().OrderBy(t => t.FullName))
        {
            foreach (MethodInfo method in type.GetMethods())
            {
                var fact = method.GetCustomAttribute<FactAttribute>();
                if (fact is { Skip: null }
                    && Array.Exists(only, $"{type.Name}.{method.Name}".Contains))
                {
                    Run(report, type, method);
                }
            }
        }
    }

    static void Run(Report report, Type type, MethodInfo method)
    {
        foreach (object?[] row in Rows(method))
        {
            string name = $"{type.Name}.{method.Name}({string.Join(", ", row)})";
            try
            {
                object? instance = method.IsStatic ? null : Activator.CreateInstance(type);
                method.Invoke(instance, row);
                (instance as IDisposable)?.Dispose();
                report.Pass();
            }
            catch (Exception e)
            {
                Exception cause = e is TargetInvocationException { InnerException: { } i } ? i : e;
                report.Fail(name, $"{cause.GetType().Name}: {cause.Message}");
            }
        }
    }

    static IEnumerable<object?[]> Rows(MethodInfo method)
    {
        DataAttribute[] sources = [.. method.GetCustomAttributes<DataAttribute>()];
        return sources.Length == 0 ? [[]] : sources.SelectMany(s => s.GetData(method));
    }
}
