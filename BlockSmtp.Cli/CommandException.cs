namespace BlockSmtp.Cli;

/// <summary>Ends the program with a message for its user, "what is wrong: how to mend it", and an exit code.</summary>
internal sealed class CommandException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>An option has a value that it does not take.</summary>
    public static CommandException BadValue(string option, string value, string right) =>
        new(Cli.ExitCode.Usage, $"--{option}: '{Shown(value)}' is not {right}");

    private static string Shown(string value)
    {
        var shown = new string([.. value.Take(100).Select(letter => char.IsControl(letter) ? '?' : letter)]);
        return value.Length > 100 ? shown + "…" : shown;
    }
}
