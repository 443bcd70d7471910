using System.Net;
using System.Net.Sockets;

namespace BlockSmtp.Milter;

/// <summary>How a <see cref="MilterServer"/> works.</summary>
public sealed class MilterServerOptions
{
    /// <summary>
    /// Where it listens: a <see cref="UnixDomainSocketEndPoint"/>, whose folder is made if need be, or an
    /// <see cref="IPEndPoint"/>, where port 0 is any that is free. No default; not needed with <see cref="Listener"/>.
    /// </summary>
    public EndPoint? Address { get; set; }

    /// <summary>
    /// A socket that listens already, in the place of <see cref="Address"/>: one that a service manager hands over, so that whoever
    /// connects while the program is restarted waits and is served. The server puts it away. Default: null.
    /// </summary>
    public Socket? Listener { get; set; }

    /// <summary>The id of a group whose members may connect to the Unix socket too. Default: null, only root and the user who runs
    /// this.</summary>
    public uint? Group { get; set; }

    /// <summary>What the mail server is to ask of. Default: everything.</summary>
    public MilterSteps Steps { get; set; } = MilterSteps.All;

    /// <summary>
    /// The macros that are wanted at a connection, names with blanks between. A mail server that is too old to be told, and one that was
    /// given a list of its own, sends what it has been configured for. Default: null, what it sends by itself.
    /// </summary>
    public string? ConnectMacros { get; set; }

    /// <summary>The macros that are wanted at MAIL, as <see cref="ConnectMacros"/>.</summary>
    public string? MailMacros { get; set; }

    /// <summary>The macros that are wanted at RCPT, as <see cref="ConnectMacros"/>.</summary>
    public string? RecipientMacros { get; set; }

    /// <summary>The macros that are wanted at the end of a message, as <see cref="ConnectMacros"/>.</summary>
    public string? EndOfMessageMacros { get; set; }

    /// <summary>
    /// The most sessions at a time; a mail server that comes with one more is turned away, and goes on as if there were no milter.
    /// Default 4,096; at least 1.
    /// </summary>
    public int MaxConnections { get; set; } = 4_096;

    /// <summary>
    /// The longest packet, in bytes; a longer one ends the connection. Default 128 KiB, more than any that a mail server sends when it is
    /// not asked for bodies; 1,024 to 16 MiB.
    /// </summary>
    public int MaxPacket { get; set; } = 128 * 1024;

    /// <summary>
    /// What all sessions together may make the server keep of macros and of packets that have not come whole, in bytes, beyond 4 KiB
    /// each; who wants more is hung up on. Default 64 MiB; at least 1 MiB.
    /// </summary>
    public long MaxMemory { get; set; } = 64 * 1024 * 1024;

    internal void Validate()
    {
        if (Listener is null)
            ArgumentNullException.ThrowIfNull(Address);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxConnections, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPacket, 1_024);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxPacket, 16 * 1024 * 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxMemory, 1024 * 1024);
        foreach (var macros in new[] { ConnectMacros, MailMacros, RecipientMacros, EndOfMessageMacros })
        {
            if (macros is not null && macros.Any(letter => letter is < ' ' or > '~'))
                throw new ArgumentException("Macros are printable ASCII.");
        }
    }
}
