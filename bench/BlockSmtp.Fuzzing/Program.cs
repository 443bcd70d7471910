using System.Text;
using BlockSmtp;
using BlockSmtp.Fuzzing;
using SharpFuzz;

// eng/fuzz calls this. NAME reads what AFL++ hands it; NAME FILE... reads files, those of the corpus, say, or what has failed.
Dictionary<string, Func<ITarget>> targets = new()
{
    ["sendmail"] = () => new LogTarget(Mailer.Sendmail),
    ["postfix"] = () => new LogTarget(Mailer.Postfix),
    ["exim"] = () => new LogTarget(Mailer.Exim),
    ["any"] = () => new LogTarget(Mailer.Auto),
    ["cutter"] = () => new CutterTarget(),
    ["control"] = () => new ControlTarget(),
    ["configuration"] = () => new ConfigurationTarget(),
    ["white-list"] = () => new WhiteListTarget(),
    ["milter"] = () => new MilterTarget(),
};

if (args.Length == 0 || !targets.TryGetValue(args[0], out var make))
{
    await Console.Error.WriteLineAsync($"eng/fuzz: the names are {string.Join(", ", targets.Keys)}");
    return 64;
}

ITarget? target = null;
if (args.Length == 1)
{
    Fuzzer.Run(stream =>
    {
        using var all = new MemoryStream();
        stream.CopyTo(all);
        // Not before: what is instrumented needs the fuzzer's memory.
        target ??= make();
        target.Read(all.GetBuffer().AsSpan(0, (int)all.Length));
    });
    return 0;
}

target = make();
var failed = 0;
foreach (var path in args[1..])
{
    try
    {
        target.Read(await File.ReadAllBytesAsync(path));
    }
#pragma warning disable CA1031 // Whatever it is, it is what is looked for.
    catch (Exception e)
#pragma warning restore CA1031
    {
        failed++;
        Console.WriteLine($"{path}: {e}");
    }
}

Console.WriteLine(FormattableString.Invariant($"{args.Length - 1} read, {failed} failed"));
return failed == 0 ? 0 : 2;
