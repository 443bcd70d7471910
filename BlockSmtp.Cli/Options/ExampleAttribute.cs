namespace BlockSmtp.Cli.Options;

/// <summary>A command line that shows what a command is for; its help and its manual page print it.</summary>
/// <param name="commandLine">As one types it.</param>
/// <param name="meaning">What comes of it; empty where that is plain.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
internal sealed class ExampleAttribute(string commandLine, string meaning = "") : Attribute
{
    public string CommandLine { get; } = commandLine;

    public string Meaning { get; } = meaning;
}
