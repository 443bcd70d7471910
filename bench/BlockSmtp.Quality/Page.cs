namespace BlockSmtp.Quality;

/// <summary>A page whose tables are written by a command: each stands between two marks.</summary>
internal sealed class Page(string path)
{
    private string _text = File.ReadAllText(path);

    /// <summary>Replaces what is between the marks of a name.</summary>
    public void Replace(string name, string text)
    {
        var (begin, end) = ($"<!-- bench/quality {name}: begin -->\n", $"<!-- bench/quality {name}: end -->");
        var from = _text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var to = _text.IndexOf(end, StringComparison.Ordinal);
        if (from < begin.Length || to < from)
            throw new ArgumentException($"{path} has no marks {begin.Trim()} and {end}");
        _text = $"{_text[..from]}{text.TrimEnd()}\n{_text[to..]}";
    }

    public void Save() => File.WriteAllText(path, _text);
}
