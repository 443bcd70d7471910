using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>The real sendmail of <c>eng/sendmail-lab</c>, in network namespaces of its own.</summary>
internal sealed class SendmailLab : IDisposable
{
    private readonly string _script;
    private readonly string _name;
    private readonly Dictionary<string, string> _environment;

    /// <param name="script">The path of <c>eng/sendmail-lab</c>.</param>
    /// <param name="name">A name that nobody else uses.</param>
    /// <param name="settings">Such as <c>throttle=0</c>.</param>
    public SendmailLab(string script, string name, params string[] settings)
    {
        (_script, _name) = (script, name);
        _environment = Run([name, "up", $"owner={Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}", .. settings])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=', 2))
            .ToDictionary(parts => parts[0], parts => parts[1]);
    }

    public static IPAddress Server { get; } = IPAddress.Parse("10.100.10.200");

    public string Log => _environment["LOG"];

    /// <summary>The folder with all of its files.</summary>
    public string State => _environment["STATE"];

    /// <summary>Where attackers are; each address of 203.0.113.0/24 is theirs.</summary>
    public string Attackers => _environment["NAMESPACE_ATTACKERS"];

    /// <summary>The process of the sendmail that listens.</summary>
    public int Sendmail => int.Parse(_environment["MTA_PID"], CultureInfo.InvariantCulture);

    public string ServerNamespace => _environment["NAMESPACE_SERVER"];

    /// <summary>A command, in words, run where the server is.</summary>
    public string[] Inside(params string[] command) => [_script, _name, "exec", .. command];

    public void Dispose() => Run([_name, "down"]);

    private string Run(string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(_script, words) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{_script} {string.Join(' ', words)} failed");
    }
}
