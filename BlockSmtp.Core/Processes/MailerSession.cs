using System.Net;

namespace BlockSmtp.Processes;

/// <summary>A sendmail process with the connection that it serves: what a reaper ends.</summary>
internal sealed class MailerSession(MailerProcess process, MailerConnection connection) : IDisposable
{
    public int ProcessId => Process.ProcessId;

    public MailerProcess Process { get; } = process;

    public MailerConnection Connection { get; } = connection;

    public IPAddress Peer { get; } = connection.Peer.ToAddress();

    /// <summary>What was done to it last; null for nothing yet.</summary>
    public SessionEnd? Means { get; private set; }

    public bool HasExited => !Process.IsAlive;

    /// <summary>Ends the connection and lets go of it; where it is not in our hands, that is left out.</summary>
    public void ShutDown()
    {
        if (Connection.Socket is not { } socket)
            return;
        socket.ShutDown();
        socket.Dispose();
        Means = SessionEnd.Shutdown;
    }

    /// <summary>Sends SIGTERM or SIGKILL, and only through the handle of the process: without one, nothing.</summary>
    public void Signal(SessionEnd means)
    {
        if (Process.Handle?.Signal(means == SessionEnd.Killed ? ProcessCalls.SIGKILL : ProcessCalls.SIGTERM) == true)
            Means = means;
    }

    public void Dispose()
    {
        Connection.Dispose();
        Process.Dispose();
    }
}
