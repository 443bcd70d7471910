using System.Net;
using System.Text.Json;
using BlockSmtp.Sockets;
using Microsoft.Extensions.Logging;
using static System.FormattableString;

namespace BlockSmtp.Control;

/// <summary>Makes a reply of a request.</summary>
internal sealed class ControlAnswers(DetectionEngine engine, ControlServerOptions options, ILogger logger)
{
    private const int LongestReason = 200;
    private const int EarlierBlocks = 20;
    private static readonly TimeSpan LongestHearing = TimeSpan.FromSeconds(10);

    public ControlReply Refuse(SocketPeer peer)
    {
        logger.ControlRefused(peer.User);
        return Fail(
            ControlErrorCode.NotPermitted,
            $"user {peer.User} may not ask this daemon: ask as root or as the user who runs it, or start it with --control-group");
    }

    public async Task<ControlReply> AnswerAsync(byte[] line, SocketPeer peer, CancellationToken cancellationToken)
    {
        if (line.Length >= options.LongestRequest)
            return Fail(ControlErrorCode.BadRequest, $"a request has at most {options.LongestRequest} bytes");
        try
        {
            if (JsonSerializer.Deserialize(line, ControlJson.Default.ControlRequest) is not { } request)
                return Fail(ControlErrorCode.BadRequest, "null is no request");
            // What is not set is 0, whatever the class says: the serializer sets all members.
            if (request.Version == 0)
                throw Lacks("version");
            return request.Version == ControlRequest.CurrentVersion
                ? options.Fleet is { } fleet
                    ? await AnswerAsync(request, fleet, cancellationToken).ConfigureAwait(false)
                    : await AnswerAsync(request, peer, cancellationToken).ConfigureAwait(false)
                : Fail(
                    ControlErrorCode.BadRequest, $"this daemon speaks version {ControlRequest.CurrentVersion} and not {request.Version}");
        }
        catch (JsonException e)
        {
            var what = e.Path is { Length: > 1 } path
                ? $"{path[..Math.Min(path.Length, 100)]} has a value that it does not take"
                : "it is no JSON object";
            return Fail(ControlErrorCode.BadRequest, $"the line is no request: {what}");
        }
        catch (ControlException e)
        {
            return Fail(e.Code, e.Message);
        }
        catch (BlockStoreException e)
        {
            return Fail(ControlErrorCode.Failed, e.Message);
        }
#pragma warning disable CA1031 // Whatever a request leads to, the daemon goes on and the client gets a reply.
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            logger.ControlRequestFailed(e);
            return Fail(ControlErrorCode.Failed, $"{e.GetType().Name}: {e.Message}");
        }
    }

    private async Task<ControlReply> AnswerAsync(ControlRequest request, SocketPeer peer, CancellationToken cancellationToken) =>
        request.Command switch
        {
            "status" => new ControlReply
            {
                Status = new DaemonStatus(
                    options.FirewallNow is { } firewall ? options.Daemon with { Firewall = firewall() } : options.Daemon, engine.Status)
                {
                    Log = options.Log?.Invoke(),
                    Settings = options.Settings?.Invoke(),
                },
            },
            "list" => new ControlReply { Blocks = engine.Blocks },
            "why" when request is { Network: { } network, Address: null } =>
                await ExplainAsync(network, cancellationToken).ConfigureAwait(false),
            "why" => await ExplainAsync(request.Address ?? throw Lacks("address"), cancellationToken).ConfigureAwait(false),
            "block" => await BlockAsync(request, peer, cancellationToken).ConfigureAwait(false),
            "unblock" => await UnblockAsync(request, peer, cancellationToken).ConfigureAwait(false),
            "history" => new ControlReply { History = await FindAsync(request, cancellationToken).ConfigureAwait(false) },
            "activity" => new ControlReply { Activity = Activity(request.After) },
            "reload" => Reload(request, peer),
            _ => Fail(ControlErrorCode.BadRequest, "there is no such command"),
        };

    /// <summary>Answers who carries words between this engine and others.</summary>
    private async Task<ControlReply> AnswerAsync(ControlRequest request, ControlFleet fleet, CancellationToken cancellationToken)
    {
        switch (request.Command)
        {
            case "hear":
                return new ControlReply
                {
                    News = await fleet.HearAsync(
                        request.After, () => engine.Blocks, LongestHearing, cancellationToken).ConfigureAwait(false),
                };
            case "tell":
                await fleet.TellAsync(request.Words ?? [], request.Fleet, cancellationToken).ConfigureAwait(false);
                return new ControlReply();
            default:
                return Fail(ControlErrorCode.BadRequest, "this is the fleet's socket, where there is hear and tell");
        }
    }

    private async Task<ControlReply> ExplainAsync(IPAddress host, CancellationToken cancellationToken)
    {
        var explanation = engine.Explain(host);
        var query = new HistoryQuery { Host = host, Limit = EarlierBlocks };
        var found = options.History is null ? null : await options.History.FindAsync(query, cancellationToken).ConfigureAwait(false);
        // Of many blocks only the store has the names.
        if (explanation.Block is { Evidence: null } block
            && found?.FirstOrDefault(kept => kept.IsCurrent && kept.Block.Network.Equals(block.Network))?.Block.Evidence is { } evidence)
            explanation = explanation with { Block = block with { Evidence = evidence } };
        return new ControlReply { Explanation = explanation, History = found is null ? null : [.. found.Where(block => !block.IsCurrent)] };
    }

    private async Task<ControlReply> ExplainAsync(IPNetwork network, CancellationToken cancellationToken)
    {
        var explanation = engine.Explain(network);
        var query = new HistoryQuery { Network = explanation.Network, Limit = EarlierBlocks };
        var found = options.History is null ? null : await options.History.FindAsync(query, cancellationToken).ConfigureAwait(false);
        return new ControlReply { Network = explanation, History = found is null ? null : [.. found.Where(block => !block.IsCurrent)] };
    }

    private async Task<ControlReply> BlockAsync(ControlRequest request, SocketPeer peer, CancellationToken cancellationToken)
    {
        var network = request.Network ?? throw Lacks("network");
        var time = request.ForSeconds is { } seconds ? Duration(seconds) : options.BlockTime();
        var who = peer.NameFor(Printable(request.By));
        var reason = Printable(request.Reason) is { } given ? $"{given} (by {who})" : $"by hand ({who})";
        logger.ControlAsked(who, $"block {NetworkText.Show(network)} for {DurationText.Show(time)}");
        var outcome = request.Shorten
            ? await engine.BlockAsync(network, time, reason, cancellationToken).ConfigureAwait(false)
            : await engine.BlockAtLeastAsync(network, time, reason, cancellationToken).ConfigureAwait(false);
        return outcome.IsBlocked
            ? new ControlReply { Block = outcome.Block, Kept = outcome.IsKept ? true : null }
            : Fail(ControlErrorCode.Trusted, $"{NetworkText.Show(network)} is never blocked: {outcome.Refusal}");
    }

    private async Task<ControlReply> UnblockAsync(ControlRequest request, SocketPeer peer, CancellationToken cancellationToken)
    {
        if (request.All)
        {
            if (request.Network is not null)
                throw new ControlException(ControlErrorCode.BadRequest, "whom to unblock is not clear: give network or all, not both");
            logger.ControlAsked(peer.NameFor(Printable(request.By)), "unblock all");
            var released = await Task.WhenAll(
                engine.Blocks.Select(block => engine.ReleaseAsync(block.Network, cancellationToken))).ConfigureAwait(false);
            return new ControlReply { Released = released.Count(done => done) };
        }

        var network = request.Network ?? throw Lacks("network");
        logger.ControlAsked(peer.NameFor(Printable(request.By)), $"unblock {NetworkText.Show(network)}");
        var wasBlocked = await engine.ReleaseAsync(network, cancellationToken).ConfigureAwait(false);
        var left = engine.Explain(network);
        if (wasBlocked)
            return new ControlReply { Released = 1, Wider = left.Block, Within = left.Within.Count > 0 ? left.Within.Count : null };
        return Fail(ControlErrorCode.NotBlocked, left switch
        {
            { Block: { } wider } =>
                $"{NetworkText.Show(network)} is not blocked by itself but by {NetworkText.Show(wider.Network)}: unblock that",
            { Within: [var only] } =>
                $"{NetworkText.Show(network)} is not blocked as a whole, but {NetworkText.Show(only.Network)} in it is: unblock that",
            { Within.Count: > 1 and var count } =>
                Invariant(
                    $"{NetworkText.Show(network)} is not blocked as a whole, but {count:N0} hosts and networks in it are: unblock them"),
            _ => $"{NetworkText.Show(network)} is not blocked",
        });
    }

    private async Task<IReadOnlyList<BlockRecord>> FindAsync(ControlRequest request, CancellationToken cancellationToken)
    {
        if (options.History is null)
            throw new ControlException(ControlErrorCode.NoHistory, "this daemon keeps no history");
        var query = new HistoryQuery
        {
            Host = request.Address,
            Network = request.Network,
            From = request.From,
            Limit = request.Limit is > 0 and var limit ? limit : int.MaxValue,
        };
        return await options.History.FindAsync(query, cancellationToken).ConfigureAwait(false);
    }

    private ActivityReport Activity(long after)
    {
        var report = options.Activity?.Report(after) ?? new ActivityReport { Last = 0, Events = [], Hosts = [] };
        return report with { Hosts = [.. report.Hosts.Select(host => host with { IsBlocked = engine.IsBlocked(host.Host) })] };
    }

    private ControlReply Reload(ControlRequest request, SocketPeer peer)
    {
        logger.ControlAsked(peer.NameFor(Printable(request.By)), "reload");
        return options.Reload is { } reload
            ? new ControlReply { Reload = reload() }
            : Fail(ControlErrorCode.Failed, "this daemon has no configuration to read again");
    }

    private static TimeSpan Duration(double seconds) => seconds is >= 1 and <= 100.0 * 365 * 24 * 3600
        ? TimeSpan.FromSeconds(Math.Floor(seconds))
        : throw new ControlException(ControlErrorCode.BadRequest, "for_seconds is a number of seconds, at least 1 and at most 100 years");

    /// <summary>Printable, and not too long: it ends up in logs and on terminals.</summary>
    private static string? Printable(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        return string.Concat(text.Take(LongestReason).Select(letter => char.IsAscii(letter) && !char.IsControl(letter) ? letter : '?'));
    }

    private static ControlException Lacks(string member) => new(ControlErrorCode.BadRequest, $"the request lacks {member}");

    private static ControlReply Fail(string code, string message) => new() { Ok = false, Error = new ControlError(code, message) };
}
