using ConsoleAppFramework;
using EdgeDL.Pack;

ConsoleApp.Log = Console.Out.WriteLine;
ConsoleApp.LogError = Console.Error.WriteLine;
ConsoleApp.ConsoleAppBuilder app = ConsoleApp.Create();
app.Add<Commands>();
return Exit.Run(app, Repeated.Join(args, "--dim", "--input-shape", "--input-value"));
