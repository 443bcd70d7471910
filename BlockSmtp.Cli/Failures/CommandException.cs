namespace BlockSmtp.Cli;

/// <summary>Ends the program with a message for its user, "what is wrong: how to mend it", and an exit code.</summary>
internal sealed class CommandException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>The option that is to blame, without its dashes; null where none is.</summary>
    public string? Option { get; private init; }

    /// <summary>What else there is to say, one line each.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    private string Wrong { get; init; } = message;

    /// <summary>An option has a value that it does not take.</summary>
    public static CommandException BadValue(string option, string value, string right) =>
        Of(option, Cli.ExitCode.Usage, $"'{Printable.Show(value)}' is not {right}");

    /// <summary>Something is wrong with what an option says.</summary>
    public static CommandException Of(string option, int exitCode, string wrong) =>
        new(exitCode, $"--{option}: {wrong}") { Option = option, Wrong = wrong };

    /// <summary>The same of an option that stands elsewhere than on the command line.</summary>
    public CommandException At(string place)
    {
        var isVariable = !place.Contains(':');
        return new(
            ExitCode == Cli.ExitCode.Usage ? Cli.ExitCode.Config : ExitCode,
            isVariable ? $"{place}: {Wrong}" : $"{place}: {Option}: {Wrong}");
    }
}
