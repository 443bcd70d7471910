using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlockSmtp.Milter;

/// <summary>
/// The gate: a milter that reports each refused recipient, and each message that was taken, to an engine while the client waits, and
/// refuses whoever is blocked. The guess that is one too many is the last that is answered.
/// </summary>
/// <remarks>
/// It sees what the mail server shows (docs/milter.md): unknown local users, and in virtual domains not all. The log tells the rest; set
/// <see cref="DetectionEngineOptions.JoinsMilter"/>, so that what both tell counts once.
/// </remarks>
public sealed class MailGate : IAsyncDisposable
{
    // What all sessions may have kept beyond the usual; those of a mail server need none of it.
    private const long MostMemory = 16 * 1024 * 1024;

    // How often it looks whether the log has told.
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(10);

    private static readonly ulong Seed = (ulong)Random.Shared.NextInt64();

    private static readonly MilterReply SendmailUnknownUser = MilterReply.Of(550, "5.1.1", "User unknown");

    private readonly DetectionEngine _engine;
    private readonly MailGateOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly MilterReply _refusal;
    private readonly MilterServer _server;
    private long _transactions;

    private MailGate(DetectionEngine engine, MailGateOptions options, TimeProvider time, ILogger logger)
    {
        (_engine, _options, _time, _logger) = (engine, options, time, logger);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Hold, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.LogPatience, TimeSpan.Zero);
        _refusal = MilterReply.Of(421, "4.7.0", options.Text);
        var server = new MilterServerOptions
        {
            Address = options.Address,
            Listener = options.Listener,
            Group = options.Group,
            MaxConnections = options.MaxConnections,
            MaxMemory = MostMemory,
            Steps = MilterSteps.Connect | MilterSteps.Mail | MilterSteps.Recipients | MilterSteps.RejectedRecipients,
            ConnectMacros = "{client_addr}",
            MailMacros = "i",
            RecipientMacros = "{rcpt_mailer} {rcpt_host} {nbadrcpts}",
            EndOfMessageMacros = "i",
        };
        _server = MilterServer.Start(() => new GateSession(this), server, logger);
    }

    /// <summary>Where it listens; with the port that was found where none was named.</summary>
    public EndPoint Address => _server.Address;

    /// <summary>How many sessions there are now.</summary>
    public int Connections => _server.Connections;

    /// <summary>Begins to listen.</summary>
    /// <param name="engine">The engine; it need not run yet.</param>
    /// <param name="options">Where, and how it refuses; null for the defaults.</param>
    /// <param name="timeProvider">The clock; null for the machine's.</param>
    /// <param name="logger">Our own log; null for none (events 1700 to 1799).</param>
    /// <returns>The gate; disposing it ends all its connections, and mail goes on without it.</returns>
    /// <exception cref="MilterException">Somebody listens there, or the socket cannot be made; the message says why.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static MailGate Start(
        DetectionEngine engine, MailGateOptions? options = null, TimeProvider? timeProvider = null, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        return new MailGate(engine, options ?? new MailGateOptions(), timeProvider ?? TimeProvider.System, logger ?? NullLogger.Instance);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>A number for a transaction that has no queue id yet; no other's.</summary>
    internal ulong NewTransaction() => ((ulong)Interlocked.Increment(ref _transactions) * 0x9E3779B97F4A7C15) ^ Seed;

    internal DateTimeOffset Now => _time.GetUtcNow();

    internal void Report(in Offense offense) => _engine.Report(offense);

    internal void Report(in Acceptance acceptance) => _engine.Report(acceptance);

    internal void Report(in TransactionEnd end) => _engine.Report(end);

    /// <summary>Whether a client is to get no further.</summary>
    internal bool Refuses(IPAddress client) => !_options.ReportsOnly && _engine.IsBlocked(client) && Now >= _options.ReportsOnlyUntil;

    /// <summary>What a blocked client gets before it has named a recipient.</summary>
    internal MilterReply TurnAway(IPAddress client)
    {
        _logger.TurnedAway(client);
        return _options.Denial == GateDenial.Close ? _refusal : MilterReply.Continue;
    }

    /// <summary>What a blocked client gets for a recipient. For one that is refused anyhow the mail server has its own words.</summary>
    internal ValueTask<MilterReply> RefuseAsync(
        IPAddress client, ReadOnlySpan<byte> recipient, Refusal refusal, bool isPostfix, CancellationToken cancellationToken)
    {
        if (_options.Denial == GateDenial.Alike)
            return new(refusal.IsOne ? MilterReply.Continue : UnknownUser(recipient, isPostfix));
        _logger.SessionRefused(client);
        return _options.Hold == TimeSpan.Zero ? new(_refusal) : HoldAsync(cancellationToken);
    }

    /// <summary>Whether the log tells of enough, soon enough, that a client is to get no further.</summary>
    internal async ValueTask<bool> LogRefusesAsync(IPAddress client, CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; waited < _options.LogPatience; waited += Glance)
        {
            await Task.Delay(Glance, _time, cancellationToken).ConfigureAwait(false);
            if (Refuses(client))
                return true;
        }

        return false;
    }

    private async ValueTask<MilterReply> HoldAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(_options.Hold, _time, cancellationToken).ConfigureAwait(false);
        return _refusal;
    }

    /// <summary>
    /// As the mail server words it (docs/sendmail.md, docs/postfix.md). sendmail writes the recipient in front of what a milter says with
    /// 550; Postfix does not, and itself writes it without quotes.
    /// </summary>
    private static MilterReply UnknownUser(ReadOnlySpan<byte> recipient, bool isPostfix)
    {
        if (!isPostfix)
            return SendmailUnknownUser;
        const int LongestRecipient = 320;
        var isShown = recipient.Length <= LongestRecipient && recipient.IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0;
        var name = isShown ? Encoding.ASCII.GetString(recipient) : "";
        name = name.StartsWith('<') && name.EndsWith('>') ? name[1..^1] : name;
        return MilterReply.Of(550, "5.1.1", $"<{Unquoted(name)}>: Recipient address rejected: User unknown in local recipient table");
    }

    /// <summary>A local part without quotes and backslashes, as Postfix keeps it.</summary>
    private static string Unquoted(string name)
    {
        if (!name.Contains('"') && !name.Contains('\\'))
            return name;
        var plain = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] == '\\' && i + 1 < name.Length)
                plain.Append(name[++i]);
            else if (name[i] != '"')
                plain.Append(name[i]);
        }

        return plain.ToString();
    }
}
