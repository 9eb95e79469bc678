using System.Numerics;
using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>What a scattered value does to the one that is there. The numbers are part of the file
/// format.</summary>
public enum ScatterKind
{
    Replace = 0,
    Add = 1,
    Multiply = 2,
    Max = 3,
    Min = 4,
}

/// <summary>How an old and a new value become one.</summary>
interface IJoin<T>
{
    static abstract T Join(T old, T update);
}

/// <summary>Makes a scatter's step for an element type and a way to join.</summary>
interface IScatterMaker
{
    Step Make<T, TJoin>()
        where T : unmanaged
        where TJoin : struct, IJoin<T>;
}

/// <summary>The ways to join, by element type.</summary>
static class ScatterKinds
{
    /// <summary>How many there are.</summary>
    public const int Count = 5;

    /// <summary>Rejects arithmetic on what are not numbers.</summary>
    public static void Check(InferContext c, ScatterKind kind, DType type)
    {
        bool number = type is DType.Float32 or (>= DType.Int8 and <= DType.UInt64);
        if (kind != ScatterKind.Replace && !number)
        {
            c.Fail($"joins Float32 or integers, gets {type}");
        }
    }

    public static Step Dispatch<TMaker>(DType type, ScatterKind kind, TMaker maker)
        where TMaker : struct, IScatterMaker
    {
        if (kind == ScatterKind.Replace)
        {
            return type.Size() switch
            {
                1 => maker.Make<byte, Last<byte>>(),
                2 => maker.Make<ushort, Last<ushort>>(),
                4 => maker.Make<uint, Last<uint>>(),
                _ => maker.Make<ulong, Last<ulong>>(),
            };
        }

        return type switch
        {
            DType.Float32 => Numbers<float, TMaker>(kind, maker),
            DType.Int8 => Numbers<sbyte, TMaker>(kind, maker),
            DType.UInt8 => Numbers<byte, TMaker>(kind, maker),
            DType.Int16 => Numbers<short, TMaker>(kind, maker),
            DType.UInt16 => Numbers<ushort, TMaker>(kind, maker),
            DType.Int32 => Numbers<int, TMaker>(kind, maker),
            DType.UInt32 => Numbers<uint, TMaker>(kind, maker),
            DType.Int64 => Numbers<long, TMaker>(kind, maker),
            _ => Numbers<ulong, TMaker>(kind, maker),
        };
    }

    static Step Numbers<T, TMaker>(ScatterKind kind, TMaker maker)
        where T : unmanaged, INumber<T>
        where TMaker : struct, IScatterMaker => kind switch
        {
            ScatterKind.Add => maker.Make<T, Sum<T>>(),
            ScatterKind.Multiply => maker.Make<T, Product<T>>(),
            ScatterKind.Max => maker.Make<T, Larger<T>>(),
            _ => maker.Make<T, Smaller<T>>(),
        };

    readonly struct Last<T> : IJoin<T>
    {
        public static T Join(T old, T update) => update;
    }

    readonly struct Sum<T> : IJoin<T>
        where T : INumber<T>
    {
        public static T Join(T old, T update) => old + update;
    }

    readonly struct Product<T> : IJoin<T>
        where T : INumber<T>
    {
        public static T Join(T old, T update) => old * update;
    }

    readonly struct Larger<T> : IJoin<T>
        where T : INumber<T>
    {
        public static T Join(T old, T update) => T.Max(old, update);
    }

    readonly struct Smaller<T> : IJoin<T>
        where T : INumber<T>
    {
        public static T Join(T old, T update) => T.Min(old, update);
    }
}
