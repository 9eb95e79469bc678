using System.Text;
using EdgeDL;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using Microsoft.Win32.SafeHandles;

// The least that runs a model: edgedl-minimal MODEL INPUT.bin writes the first output's bytes to
// standard output. It has the ops of the keyword spotter and no others.
const int StandardOutput = 1;
const int StandardError = 2;

if (args.Length != 2)
{
    return Fail("usage: edgedl-minimal MODEL.edl INPUT.bin >OUTPUT.bin", 2);
}

try
{
    OpSet ops = new OpSet()
        .Add<Conv2D>().Add<DepthwiseConv2D>().Add<FullyConnected>()
        .Add<AveragePool2D>().Add<Reshape>().Add<Softmax>();
    using Model model = Model.Load(args[0], ops);
    using var session = new Session(model);
    byte[] input = File.ReadAllBytes(args[1]);
    if (input.Length != session.Input(0).Bytes)
    {
        return Fail($"{args[1]}: the model takes {session.Input(0).Bytes} bytes", 2);
    }

    input.CopyTo(session.Input(0).AsBytes());
    session.Run();
    Write(StandardOutput, session.Output(0).AsBytes());
    return 0;
}
catch (Exception e) when (e is EdgeDLException or IOException)
{
    return Fail(e.Message, e is EdgeDLException ? 4 : 2);
}

static int Fail(string message, int code)
{
    Write(StandardError, Encoding.UTF8.GetBytes(message + "\n"));
    return code;
}

// Without the Console class, which alone is worth a few dozen kilobytes.
static void Write(int descriptor, ReadOnlySpan<byte> bytes)
{
    using var handle = new SafeFileHandle(descriptor, ownsHandle: false);
    using var stream = new FileStream(handle, FileAccess.Write, bufferSize: 0);
    stream.Write(bytes);
}
