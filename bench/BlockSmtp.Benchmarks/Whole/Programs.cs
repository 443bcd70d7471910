namespace BlockSmtp.Benchmarks.Whole;

/// <summary>The programs that <c>bench/run</c> has built, and where there is room for files.</summary>
/// <param name="Aot">blocksmtp as it is shipped: one native binary.</param>
/// <param name="Jit">blocksmtp on the .NET runtime.</param>
/// <param name="Measure">The compiled <c>bench/measure.c</c>.</param>
/// <param name="Least">The compiled <c>bench/least.c</c>.</param>
/// <param name="Directory">A directory for logs, which is removed in the end.</param>
internal sealed record Programs(string Aot, string Jit, string Measure, string Least, string Directory)
{
    public static Programs From(Arguments arguments) =>
        new(
            arguments.Text("aot"), arguments.Text("jit", ""), arguments.Text("measure", ""), arguments.Text("least", ""),
            arguments.Text("directory"));

    public string PathOf(string file) => Path.Combine(Directory, file);
}
