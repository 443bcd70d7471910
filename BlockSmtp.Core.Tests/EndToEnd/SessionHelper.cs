using System.Diagnostics;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary><c>blocksmtp sessions</c> in the network namespace of a lab's mail server. Disposing ends it.</summary>
internal sealed class SessionHelper : IDisposable
{
    private readonly Process _process;

    private SessionHelper(Process process, string socket) => (_process, Socket) = (process, socket);

    public string Socket { get; }

    public static async Task<SessionHelper> StartAsync(SendmailLab lab)
    {
        var socket = Path.Combine(lab.StateDirectory, "sessions.sock");
        var start = new ProcessStartInfo(
            lab.Prefix[0],
            [.. lab.Prefix[1..], BlockSmtpDaemon.Binary(), "sessions", $"--sessions=unix:{socket}", $"--mailer-ip={SendmailLab.ServerV4}"]);
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(
            Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../.."));
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        var helper = new SessionHelper(Process.Start(start)!, socket);
        try
        {
            await Eventually.IsTrue(() => File.Exists(socket), "the helper listens");
            return helper;
        }
        catch
        {
            helper.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
