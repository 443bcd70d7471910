using System.Globalization;
using System.Text;

namespace BlockSmtp.Benchmarks.Reporting;

/// <summary>
/// What a command prints and writes into <c>docs/performance.md</c>: each command has a section there, between two marks,
/// and replaces only its own.
/// </summary>
/// <param name="command">Whose section it is, such as <c>bench/run</c>.</param>
internal sealed class Report(string command)
{
    private const string Head = """
        # Performance

        Written by `bench/run`, `bench/latency`, `bench/milter`, `bench/soak` and `bench/parts`, each its own section, and by no hand: run them to change a figure.
        [bench/README.md](../bench/README.md) tells what each figure means and how it is measured.

        """;

    private readonly StringBuilder _text = new();

    public void Line(string text = "")
    {
        Console.Out.WriteLine(text);
        _text.Append(text).Append('\n');
    }

    public void Show(Table table) => Line(table.ToString());

    /// <summary>Replaces the section of the command in a file, or adds it.</summary>
    public void Save(string path)
    {
        var (begin, end) = ($"<!-- {command}: begin -->", $"<!-- {command}: end -->");
        var text = File.Exists(path) ? File.ReadAllText(path) : Head;
        var section = string.Create(CultureInfo.InvariantCulture, $"{begin}\n## {command}\n\n{_text.ToString().TrimEnd()}\n{end}\n");
        var from = text.IndexOf(begin, StringComparison.Ordinal);
        var to = text.IndexOf(end, StringComparison.Ordinal);
        text = from >= 0 && to > from ? text[..from] + section + text[(to + end.Length + 1)..] : $"{text}\n{section}";
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, text);
    }
}
