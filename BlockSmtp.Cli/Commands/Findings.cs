namespace BlockSmtp.Cli.Commands;

/// <summary>Writes what a check finds, line by line, and remembers whether the daemon could live with it.</summary>
internal sealed class Findings(TextWriter output)
{
    /// <summary>The exit code of the first thing that would stop the daemon; 0 when nothing would.</summary>
    public int Code { get; private set; }

    public void Good(string what, string text) => Write("ok", what, text);

    /// <summary>The daemon starts, but somebody may want to know.</summary>
    public void Doubt(string what, string text) => Write("?", what, text);

    /// <summary>The daemon does not start.</summary>
    public void Wrong(string what, string text, int code)
    {
        Write("WRONG", what, text);
        if (Code == ExitCode.Ok)
            Code = code;
    }

    private void Write(string mark, string what, string text) => output.WriteLine($"{mark,-6} {what,-12} {text.ReplaceLineEndings(" ")}");
}
