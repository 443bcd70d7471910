using System.Net;

namespace BlockSmtp.Processes;

/// <summary>A mail server's process with the connection that it serves: what a reaper ends.</summary>
internal sealed class MailerSession(MailerProcess process, MailerConnection connection) : IDisposable
{
    public int ProcessId => Process.ProcessId;

    public MailerProcess Process { get; } = process;

    public MailerConnection Connection { get; } = connection;

    public IPAddress Peer { get; } = connection.Peer.ToAddress();

    /// <summary>What was done to it last; null for nothing yet.</summary>
    public SessionEnd? Means { get; private set; }

    /// <summary>Whether it is over: its process is gone or, where that serves others too, its connection is shut down.</summary>
    public bool HasEnded => !Process.IsAlive || (Process.Kind == MailerKind.Smtpd && Means == SessionEnd.Shutdown);

    /// <summary>Ends the connection and lets go of it; where it is not in our hands, that is left out.</summary>
    public void ShutDown()
    {
        if (Connection.Socket is not { } socket)
            return;
        socket.ShutDown();
        socket.Dispose();
        Means = SessionEnd.Shutdown;
    }

    /// <summary>
    /// Sends SIGTERM or SIGKILL, and only through the handle of the process: without one, nothing. Nothing either to a process that serves
    /// others too, and no SIGKILL to an Exim.
    /// </summary>
    public void Signal(SessionEnd means)
    {
        if (Process.Kind == MailerKind.Smtpd || (Process.Kind == MailerKind.Exim && means == SessionEnd.Killed))
            return;
        if (Process.Handle?.Signal(means == SessionEnd.Killed ? ProcessCalls.SIGKILL : ProcessCalls.SIGTERM) == true)
            Means = means;
    }

    public void Dispose()
    {
        Connection.Dispose();
        Process.Dispose();
    }
}
