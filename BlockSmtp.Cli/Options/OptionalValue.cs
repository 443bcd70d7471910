namespace BlockSmtp.Cli.Options;

/// <summary>
/// Options whose value may be left out (<c>--journal</c>, <c>--journal=UNIT</c>), which CommandLineParser does not know: where it is
/// left out, the word is written that stands for it.
/// </summary>
internal static class OptionalValue
{
    /// <summary>The value of an option that is given without one.</summary>
    public const string Any = "any";

    public static string[] Write(string[] arguments, CliCommand command)
    {
        var bare = command.Options.Where(option => option.MayLackValue).Select(option => $"--{option.Name}").ToHashSet();
        var end = Array.IndexOf(arguments, "--") is >= 0 and var found ? found : arguments.Length;
        return [.. arguments.Select((argument, at) => at < end && bare.Contains(argument) ? $"{argument}={Any}" : argument)];
    }
}
