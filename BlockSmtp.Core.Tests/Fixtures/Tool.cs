namespace BlockSmtp.Tests.Fixtures;

/// <summary>The console tool as a user runs it: BLOCKSMTP_BINARY if set (the published one), else the one built with the tests.</summary>
internal static class Tool
{
    public static string Path { get; } =
        Environment.GetEnvironmentVariable("BLOCKSMTP_BINARY") is { Length: > 0 } published
            ? published
            : System.IO.Path.Combine(AppContext.BaseDirectory, "blocksmtp");

    /// <summary>Whether it is one native file, as packages carry it.</summary>
    public static bool IsNative => !File.Exists(System.IO.Path.ChangeExtension(Path, ".dll")) && !File.Exists(Path + ".dll");

    public static (int ExitCode, string Output, string Errors) Run(params string[] arguments) => Command.Try(Path, arguments);
}
