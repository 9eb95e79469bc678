namespace EdgeDL;

/// <summary>
/// The framework's assertions, found before them by every EdgeDL namespace. Comparing arrays is
/// written out here: the framework's way needs code that is made at run time.
/// </summary>
class Assert : Xunit.Assert
{
    public static new void Equal<T>(IEnumerable<T> expected, IEnumerable<T> actual)
    {
        Equal(expected.ToArray(), actual.ToArray());
    }

    public static new void Equal<T>(T[] expected, T[] actual)
    {
        Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            if (!EqualityComparer<T>.Default.Equals(expected[i], actual[i]))
            {
                Fail($"[{i}] is {actual[i]}, expected {expected[i]}");
            }
        }
    }
}
