using System.Globalization;
using BlockSmtp.Collections;
using StackExchange.Redis;

namespace BlockSmtp.Fleet;

/// <summary>
/// A connection to the fleet's server, and what is asked of it. What fails is thrown, and whoever holds it makes another.
/// </summary>
/// <remarks>
/// No script and no transaction: each call does the same when it is done twice, since of one that took too long nobody knows whether it was
/// done. A call that hangs ends by <see cref="RedisFleetOptions.Timeout"/>.
/// </remarks>
internal sealed class RedisSession : IAsyncDisposable
{
    /// <summary>The most entries that are read at a time.</summary>
    public const int Page = 1_000;

    // Some 10 MB at most, with 64 facts of 40 bytes each.
    private const int MostFactEntries = 4_096;
    private const int MostHosts = 1_000;
    private static readonly TimeSpan HostsKept = TimeSpan.FromDays(1);

    // What the client would ask a server for and does not need: an account with few rights would have each noted as an attack.
    private static readonly HashSet<string> Probes = ["CONFIG", "CLUSTER", "INFO", "CLIENT", "GET"];

    // What Sentinel does not know beside that, and a connection of which nothing is wanted.
    private static readonly HashSet<string> NotForSentinel = [.. Probes, "ECHO", "SELECT", "SUBSCRIBE"];

    private readonly ConnectionMultiplexer _redis;
    private readonly IDatabase _database;
    private readonly FleetKeys _keys;
    private readonly int _keepWords;

    private RedisSession(ConnectionMultiplexer redis, FleetKeys keys, int keepWords)
    {
        (_redis, _keys, _keepWords) = (redis, keys, keepWords);
        _database = redis.GetDatabase();
    }

    /// <summary>Connects, and has a bell rung when others have said something.</summary>
    public static async Task<RedisSession> OpenAsync(RedisFleetOptions options, WakeUp bell)
    {
        var keys = new FleetKeys(options.Name);
        var servers = options.SentinelService is { } service
            ? [await FindMasterAsync(options, service).ConfigureAwait(false)]
            : options.Servers;
        var redis = await ConnectionMultiplexer.ConnectAsync(Configuration(options, servers, Probes)).ConfigureAwait(false);
        var session = new RedisSession(redis, keys, options.KeepWords);
        try
        {
            await redis.GetSubscriber().SubscribeAsync(keys.Bell, (_, _) => bell.Set()).ConfigureAwait(false);
            // A server that lets anybody in does so with a wrong password, too, and with the rights of anybody.
            if (options.User is { } user && (string?)await session._database.ExecuteAsync("ACL", "WHOAMI").ConfigureAwait(false) != user)
                throw new RedisException("WRONGPASS");
            await session.GetTimeAsync().ConfigureAwait(false);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public ValueTask DisposeAsync() => _redis.DisposeAsync();

    /// <summary>The server's clock, in milliseconds since 1970.</summary>
    public async Task<long> GetTimeAsync()
    {
        var parts = (RedisResult[]?)await _database.ExecuteAsync("TIME").ConfigureAwait(false);
        return parts is [var seconds, var micros]
            ? ((long)seconds * 1000) + ((long)micros / 1000)
            : throw new RedisException("the server does not tell the time");
    }

    /// <summary>Entries of the blocks, from one on, itself included; from the beginning with null.</summary>
    public Task<StreamEntry[]> ReadBlocksAsync(RedisValue? from) => _database.StreamRangeAsync(_keys.Blocks, from ?? "-", "+", Page);

    /// <summary>Entries of the blocks after one.</summary>
    public Task<StreamEntry[]> ReadBlocksAfterAsync(RedisValue id) => _database.StreamRangeAsync(_keys.Blocks, $"({id}", "+", Page);

    public Task<StreamEntry[]> ReadFactsAfterAsync(RedisValue id) => _database.StreamRangeAsync(_keys.Facts, $"({id}", "+", Page / 10);

    /// <summary>The latest entry of the facts.</summary>
    public async Task<RedisValue> FindEndOfFactsAsync()
    {
        var last = await _database.StreamRangeAsync(_keys.Facts, "-", "+", 1, Order.Descending).ConfigureAwait(false);
        return last is [var entry] ? entry.Id : "0-0";
    }

    /// <summary>Says words; all of them have arrived when it ends.</summary>
    public async Task SayBlocksAsync(IEnumerable<FleetWord> words)
    {
        List<Task> calls = [];
        foreach (var word in words)
            calls.Add(_database.StreamAddAsync(_keys.Blocks, BlockEntry.Of(word), null, (long)_keepWords, useApproximateMaxLength: true));
        await Task.WhenAll(calls).ConfigureAwait(false);
        await RingAsync().ConfigureAwait(false);
    }

    /// <summary>Says facts, numbered from <paramref name="first"/> on; all of them have arrived when it ends.</summary>
    public async Task SayFactsAsync(string node, string run, long first, FleetWord[] facts)
    {
        List<Task> calls = [];
        for (var from = 0; from < facts.Length; from += FactLines.MostFacts)
        {
            var lines = FactLines.Write(facts.Skip(from).Take(FactLines.MostFacts));
            NameValueEntry[] entry = [new("v", "1"), new("n", node), new("r", run), new("s", first + from), new("f", lines)];
            calls.Add(_database.StreamAddAsync(_keys.Facts, entry, null, (long)MostFactEntries, useApproximateMaxLength: true));
        }

        await Task.WhenAll(calls).ConfigureAwait(false);
        await RingAsync().ConfigureAwait(false);
    }

    /// <summary>Says that a host is there, and asks who else is.</summary>
    /// <returns>Each host with its run and when it was there by the server's clock.</returns>
    public async Task<IReadOnlyList<(string Node, string Run, long At)>> MeetAsync(string node, string run)
    {
        var now = await GetTimeAsync().ConfigureAwait(false);
        var count = await _database.HashLengthAsync(_keys.Hosts).ConfigureAwait(false);
        var found = count > MostHosts ? [] : await _database.HashGetAllAsync(_keys.Hosts).ConfigureAwait(false);
        await _database.HashSetAsync(_keys.Hosts, node, string.Create(CultureInfo.InvariantCulture, $"{now} {run}")).ConfigureAwait(false);
        await _database.KeyExpireAsync(_keys.Hosts, HostsKept).ConfigureAwait(false);
        return [.. found.Select(Host).OfType<(string, string, long)>()];
    }

    private static (string Node, string Run, long At)? Host(HashEntry entry) =>
        BlockEntry.Text(entry.Name, FleetWord.LongestNode) is { Length: > 0 } node
            && BlockEntry.Text(entry.Value, 64)?.Split(' ') is [var time, var run]
            && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
                ? (node, run, at)
                : null;

    private Task<long> RingAsync() => _database.PublishAsync(_keys.Bell, "");

    /// <summary>
    /// Asks one Sentinel after the other. The client could follow the master by itself, but asks it for much that the account may not do.
    /// One that is master no more takes no words, and then this is asked again.
    /// </summary>
    private static async Task<string> FindMasterAsync(RedisFleetOptions options, string service)
    {
        Exception? failure = null;
        foreach (var sentinel in options.Servers)
        {
            try
            {
                var connection = await ConnectionMultiplexer.ConnectAsync(
                    Configuration(options, [sentinel], NotForSentinel)).ConfigureAwait(false);
                await using (connection.ConfigureAwait(false))
                {
                    var answer = await connection.GetDatabase().ExecuteAsync(
                        "SENTINEL", "GET-MASTER-ADDR-BY-NAME", service).ConfigureAwait(false);
                    if ((string?[]?)answer is not [{ } host, { } port])
                        throw new RedisException($"the Sentinel at {sentinel} knows no master '{service}'");
                    var master = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{port}" : $"{host}:{port}";
                    if (!options.MaySpeakTo(master))
                        throw new RedisException($"the master is at {master}, another machine, and is spoken to by TLS only");
                    return master;
                }
            }
            catch (Exception e) when (e is RedisException or RedisTimeoutException)
            {
                failure = e;
            }
        }

        throw failure!;
    }

    private static ConfigurationOptions Configuration(RedisFleetOptions options, IReadOnlyList<string> servers, HashSet<string> withheld)
    {
        var timeout = (int)options.Timeout.TotalMilliseconds;
        var configuration = new ConfigurationOptions
        {
            AbortOnConnectFail = true,
            ConnectRetry = 1,
            ConnectTimeout = timeout,
            AsyncTimeout = timeout,
            SyncTimeout = timeout,
            KeepAlive = 5,
            // The connection that hears the bell comes a moment after the other one.
            BacklogPolicy = BacklogPolicy.Default,
            ClientName = "blocksmtp",
            User = options.User,
            Password = options.PasswordFile is { } file && File.ReadLines(file).FirstOrDefault()?.Trim() is { Length: > 0 } password
                ? password
                : null,
            Ssl = options.Tls,
            TieBreaker = "",
            ConfigurationChannel = "",
            CommandMap = CommandMap.Create(withheld, available: false),
        };
        foreach (var server in servers)
        {
            if (server.StartsWith('/'))
                configuration.EndPoints.Add(new System.Net.Sockets.UnixDomainSocketEndPoint(server));
            else
                configuration.EndPoints.Add(WithPort(server, options));
        }

        if (options is { Tls: true, CaFile: { } ca })
            configuration.TrustIssuer(ca);
        return configuration;
    }

    private static string WithPort(string server, RedisFleetOptions options)
    {
        var hasPort = server.StartsWith('[') ? server.Contains("]:", StringComparison.Ordinal) : server.Count(letter => letter == ':') == 1;
        var port = options.SentinelService is not null ? 26379 : options.Tls ? 6380 : 6379;
        return hasPort ? server : string.Create(CultureInfo.InvariantCulture, $"{server}:{port}");
    }
}
