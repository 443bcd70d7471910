using System.Diagnostics;

namespace BlockSmtp.Tests.Fixtures;

/// <summary>The program <c>blocksmtp-fleet</c>, beside the published tool or the one built with the tests.</summary>
internal static class FleetProgram
{
    public static string Path { get; } =
        System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Tool.Path)!, "blocksmtp-fleet") is var beside && File.Exists(beside)
            ? beside
            : System.IO.Path.Combine(AppContext.BaseDirectory, "blocksmtp-fleet");

    /// <summary>Starts it.</summary>
    /// <param name="prefix">The words before its command.</param>
    /// <param name="options">Its options.</param>
    public static RunningProgram Start(string[] prefix, params string[] options)
    {
        string[] words = [.. prefix, Path, .. options];
        var start = new ProcessStartInfo(words[0], words[1..]);
        start.Environment["DOTNET_ROOT"] = System.IO.Path.GetFullPath(
            System.IO.Path.Combine(System.IO.Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../.."));
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment.Remove("JOURNAL_STREAM");
        return new RunningProgram(start);
    }
}
