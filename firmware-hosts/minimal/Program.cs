using EdgeDL;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Ops;

// The least that runs a model: edgedl-minimal MODEL INPUT.bin writes the first output's bytes to
// standard output. It has the ops of the keyword spotter and no others.
if (args.Length != 2)
{
    Console.Error.WriteLine("usage: edgedl-minimal MODEL.edl INPUT.bin >OUTPUT.bin");
    return 2;
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
        Console.Error.WriteLine($"{args[1]}: the model takes {session.Input(0).Bytes} bytes");
        return 2;
    }

    input.CopyTo(session.Input(0).AsBytes());
    session.Run();
    using Stream output = Console.OpenStandardOutput();
    output.Write(session.Output(0).AsBytes());
    return 0;
}
catch (Exception e) when (e is EdgeDLException or IOException)
{
    Console.Error.WriteLine(e.Message);
    return e is EdgeDLException ? 4 : 2;
}
