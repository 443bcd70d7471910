using BlockSmtp.Cli.Configuration;
using CommandLine;

namespace BlockSmtp.Cli.Options;

/// <summary>The helper that holds the right to look into processes and to end them, so that the daemon need not.</summary>
[Verb("sessions", HelpText = "Find the clients of the mail server's processes and end their sessions, "
    + "for a daemon that runs with --sessions and has no right to. Run by blocksmtp-sessions.service.")]
[Example("blocksmtp sessions --sessions=unix:/run/blocksmtp-sessions.sock", "for a daemon with the same option")]
internal sealed class SessionsVerb : ConfiguredVerb
{
    [Option(
        "sessions",
        MetaValue = "ADDRESS",
        HelpText = "Where it listens, for its own user and root: unix:PATH. Default: the socket that the service manager hands over.")]
    public string? Sessions { get; set; }

    [Option("mailer-port", MetaValue = "N", HelpText = "The mail server's port, or several with commas between. Default 25.")]
    public string? MailerPort { get; set; }

    [Option(
        "mailer-ip",
        MetaValue = "IP",
        HelpText = "The mail server's address; may be given several times. Default: every address of this machine.")]
    public IEnumerable<string> MailerIps { get; set; } = [];
}
