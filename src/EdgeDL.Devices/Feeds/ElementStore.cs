using EdgeDL.Devices.Media;
using EdgeDL.Tensors;

namespace EdgeDL.Devices.Feeds;

/// <summary>
/// Reals into a tensor of any sample type: floats as they are; integers rounded to even, either
/// directly or by the tensor's scale and zero point, and clamped.
/// </summary>
readonly unsafe struct ElementStore
{
    readonly byte* data;
    readonly DType type;
    readonly float inverseScale;
    readonly int zeroPoint;

    public ElementStore(TensorView tensor, bool direct, string place)
    {
        data = tensor.Data;
        type = tensor.DType;
        inverseScale = 1f;
        if (!direct && tensor.Quant is { IsPerTensor: true } quant)
        {
            inverseScale = 1f / quant.Scale;
            zeroPoint = quant.ZeroPoint;
        }

        if (type is not (DType.Float32 or DType.Float16 or DType.Int8 or DType.UInt8
            or DType.Int16 or DType.Int32))
        {
            throw new MediaException(
                place,
                $"cannot become input '{tensor.Name}' of type {type}",
                $"give a raw file of {tensor.Bytes} bytes");
        }
    }

    public void Set(int index, float value)
    {
        switch (type)
        {
            case DType.Float32:
                ((float*)data)[index] = value;
                break;
            case DType.Float16:
                ((Half*)data)[index] = (Half)value;
                break;
            case DType.Int8:
                ((sbyte*)data)[index] = (sbyte)Quantized(value, sbyte.MinValue, sbyte.MaxValue);
                break;
            case DType.UInt8:
                data[index] = (byte)Quantized(value, byte.MinValue, byte.MaxValue);
                break;
            case DType.Int16:
                ((short*)data)[index] = (short)Quantized(value, short.MinValue, short.MaxValue);
                break;
            default:
                ((int*)data)[index] = (int)Quantized(value, int.MinValue, int.MaxValue);
                break;
        }
    }

    // In double, so that the limits of int32 are numbers.
    double Quantized(float value, double low, double high) =>
        Math.Clamp(Math.Round((double)(value * inverseScale)) + zeroPoint, low, high);
}
