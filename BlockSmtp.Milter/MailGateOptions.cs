using System.Net;
using System.Net.Sockets;

namespace BlockSmtp.Milter;

/// <summary>How a <see cref="MailGate"/> works.</summary>
public sealed class MailGateOptions
{
    /// <summary>Where the daemon's own gate is in the examples.</summary>
    public const string UsualPath = "/run/blocksmtp/milter.sock";

    /// <summary>Where it listens (<see cref="MilterServerOptions.Address"/>). Default: the Unix socket <see cref="UsualPath"/>.</summary>
    public EndPoint Address { get; set; } = new UnixDomainSocketEndPoint(UsualPath);

    /// <summary>A socket that listens already, in the place of <see cref="Address"/> (<see cref="MilterServerOptions.Listener"/>).
    /// Default: null.</summary>
    public Socket? Listener { get; set; }

    /// <summary>The id of a group whose members may connect to the Unix socket too, such as Postfix's. Default: null, only root and the
    /// user who runs this.</summary>
    public uint? Group { get; set; }

    /// <summary>What is done with a host that is blocked. Default: its sessions are ended.</summary>
    public GateDenial Denial { get; set; }

    /// <summary>
    /// What a client is told behind <c>421 4.7.0</c> when its session is ended, printable ASCII on one line; better not why. Default:
    /// <c>Service not available, closing transmission channel</c>.
    /// </summary>
    public string Text { get; set; } = "Service not available, closing transmission channel";

    /// <summary>
    /// How long the answer to a recipient is held back from a blocked host. The mail server has refused a wrong name before it asks, and
    /// would tell so; meanwhile the engine ends the session (<see cref="IProcessReaper"/>), and all others of the host. Default 1 second,
    /// less than any mail server waits for a milter; zero where nobody ends sessions.
    /// </summary>
    public TimeSpan Hold { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long it waits for the log to tell of recipients that the mail server has refused without showing them, before it says what
    /// becomes of the next one: sendmail counts these (<c>{nbadrcpts}</c>), those of relaying among them, and only the log tells one from
    /// the other. Default 0.3 seconds, which the journal may take; zero where there is no log.
    /// </summary>
    public TimeSpan LogPatience { get; set; } = TimeSpan.FromSeconds(0.3);

    /// <summary>Whether it only reports, and refuses nobody. Default: false.</summary>
    public bool ReportsOnly { get; set; }

    /// <summary>Until when it only reports, as in a trial. Default: it does not.</summary>
    public DateTimeOffset ReportsOnlyUntil { get; set; }

    /// <summary>The most sessions at a time (<see cref="MilterServerOptions.MaxConnections"/>). Default 4,096; at least 1.</summary>
    public int MaxConnections { get; set; } = 4_096;
}
