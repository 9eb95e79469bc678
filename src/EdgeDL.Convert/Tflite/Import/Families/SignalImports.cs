using EdgeDL.Graphs;
using EdgeDL.Kernels.Signal;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Tflite.Import;

/// <summary>
/// Windows, FFT, filter banks: TensorFlow Lite Micro's signal library. Its state becomes
/// variables.
/// </summary>
static class SignalImports
{
    public static void Register(ImportTable t)
    {
        t.Add("SignalWindow", n => n.Emit(new SignalWindow(n.CustomOptions().Int("shift"))));
        t.Add("SignalFftAutoScale", n => n.Emit(new SignalFftAutoScale()));
        t.Add("SignalRfft", n => n.Emit(new SignalRfft(n.CustomOptions().Int("fft_length"))));
        t.Add("SignalIrfft", n => n.Emit(new SignalIrfft(n.CustomOptions().Int("fft_length"))));
        t.Add("SignalEnergy", Energy);
        t.Add("SignalFilterBank",
            n => n.Emit(new SignalFilterBank(n.CustomOptions().Int("num_channels"))));
        t.Add("SignalFilterBankSquareRoot", n => n.Emit(new SignalFilterBankSquareRoot()));
        t.Add("SignalFilterBankSpectralSubtraction", SpectralSubtraction);
        t.Add("SignalPCAN", n => n.Emit(new SignalPcan(n.CustomOptions().Int("snr_shift"))));
        t.Add("SignalFilterBankLog", Log);
        t.Add("SignalDelay", Delay);
        t.Add("SignalFramer", Framer);
        t.Add("SignalOverlapAdd", OverlapAdd);
        t.Add("SignalStacker", Stacker);
    }

    static void Energy(NodeImport n)
    {
        var o = n.CustomOptions();
        n.Emit(new SignalEnergy(o.Int("start_index"), o.Int("end_index")));
    }

    static void Log(NodeImport n)
    {
        var o = n.CustomOptions();
        n.Emit(new SignalFilterBankLog(o.Int("input_correction_bits"), o.Int("output_scale")));
    }

    static void SpectralSubtraction(NodeImport n)
    {
        var o = n.CustomOptions();
        var settings = new FixedFrontEnd.Subtraction(
            (uint)o.Int("smoothing"),
            (uint)o.Int("one_minus_smoothing"),
            (uint)o.Int("alternate_smoothing"),
            (uint)o.Int("alternate_one_minus_smoothing"),
            (uint)o.Int("min_signal_remaining"),
            Bits(n, o.Int("smoothing_bits"), 31),
            Bits(n, o.Int("spectral_subtraction_bits"), 63),
            o.Bool("clamping", false));
        int noise = State(n, "noise", DType.UInt32, new Shape(n.ShapeOf(0).Elements));
        n.Emit(new SignalFilterBankSpectralSubtraction(settings, noise));
    }

    static void Delay(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        int samples = Positive(n, n.CustomOptions().Int("delay_length"), 0);
        int held = State(n, "held", DType.Int16, Streams(n, x, 1, samples));
        n.Emit(new SignalDelay(samples, held));
    }

    static void Framer(NodeImport n)
    {
        var o = n.CustomOptions();
        int size = Positive(n, o.Int("frame_size"), 1);
        int step = Positive(n, o.Int("frame_step"), 1);
        Shape x = n.ShapeOf(0);
        int capacity = SignalFramer.Capacity(size, step);
        int held = State(n, "held", DType.Int16, Streams(n, x, 1, capacity));
        Shape streams = Streams(n, x, 1, 1);
        var filled = new int[streams.Elements];
        Array.Fill(filled, o.Bool("prefill", false) ? Math.Max(size - step, 0) : 0);
        int count = State(
            n, "count", DType.Int32, streams, Constant.Copy<int>(filled));
        n.Emit(new SignalFramer(size, step, held, count));
    }

    static void OverlapAdd(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        if (x.Rank < 2)
        {
            throw n.Fail($"takes frames, gets {x}");
        }

        int step = Positive(n, n.CustomOptions().Int("frame_step"), 1);
        int held = State(n, "held", n.In(0).DType, Streams(n, x, 2, x[-1]));
        n.Emit(new SignalOverlapAdd(step, held));
    }

    static void Stacker(NodeImport n)
    {
        var o = n.CustomOptions();
        int left = Positive(n, o.Int("stacker_left_context"), 0);
        int right = Positive(n, o.Int("stacker_right_context"), 0);
        int step = Positive(n, o.Int("stacker_step"), 1);
        int[] stacked = [left + 1 + right, n.ShapeOf(0).Elements];
        int frames = State(n, "frames", DType.Int16, SubgraphImport.ShapeOf(n.Name, stacked));
        int count = State(
            n, "count", DType.Int32, new Shape(1), Constant.Copy<int>([-1]));
        n.Emit(new SignalStacker(left, right, step, frames, count));
    }

    static Shape Streams(NodeImport n, Shape x, int inner, int each)
    {
        if (x.Rank < inner)
        {
            throw n.Fail($"takes frames, gets {x}");
        }

        return SubgraphImport.ShapeOf(n.Name, [x.Product(0, x.Rank - inner), each]);
    }

    static int State(
        NodeImport n, string what, DType type, Shape shape, Constant? initial = null)
    {
        string name = $"{n.Name}/{what}";
        string key = $"{name}#{n.Graph.Model.Model.Variables.Count}";
        return n.Graph.Model.AddVariable(key, new Variable(name, type, shape, null, initial));
    }

    static int Positive(NodeImport n, int value, int least) => value >= least && value <= 1 << 20
        ? value
        : throw n.Fail($"an option is {value}, it must be {least} to {1 << 20}");

    static int Bits(NodeImport n, int value, int most) => value >= 0 && value <= most
        ? value
        : throw n.Fail($"a bit count is {value}, it must be 0 to {most}");
}
