using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;

namespace BlockSmtp.Sqlite;

/// <summary>Reads what a <see cref="SqliteBlockStore"/> has written, from whatever process, also while it writes.</summary>
public sealed class SqliteBlockHistory : IBlockHistory
{
    private readonly string _path;

    /// <summary>Makes a reader; the database is opened for each question.</summary>
    /// <param name="directory">The directory of the store.</param>
    public SqliteBlockHistory(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        _path = new StateDirectory(Path.GetFullPath(directory)).Database;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<BlockRecord>> FindAsync(HistoryQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        List<string> conditions = ["since >= $from"];
        List<(string, object?)> values = [("$from", query.From is { } from ? Row.Time(from) : long.MinValue), ("$limit", query.Limit)];
        if (query.OnlyCurrent)
            conditions.Add("released IS NULL");
        if (query.Network is { } network)
        {
            conditions.Add("network = $network");
            values.Add(("$network", network.ToString()));
        }

        if (query.Host is { } host)
        {
            var networks = NetworksOf(host).ToList();
            conditions.Add($"network IN ({string.Join(", ", networks.Select((_, i) => $"$in{i}"))})");
            values.AddRange(networks.Select((text, i) => ($"$in{i}", (object?)text)));
        }

        var text = $"SELECT {Row.BlockColumns} FROM block WHERE {string.Join(" AND ", conditions)} ORDER BY since DESC LIMIT $limit";
        return ValueTask.FromResult<IReadOnlyList<BlockRecord>>(Read(text, Row.ToRecord, values));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Offense>> FindOffensesAsync(IPAddress host, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        var found = Read("SELECT host, offenses FROM offender WHERE host = $host", Row.ToOffenses, [("$host", Plain(host).ToString())]);
        return ValueTask.FromResult<IReadOnlyList<Offense>>(found is [var one] ? one.Offenses : []);
    }

    /// <summary>Every network that a host is in, as the table has it.</summary>
    private static IEnumerable<string> NetworksOf(IPAddress host)
    {
        host = Plain(host);
        var bytes = host.GetAddressBytes();
        for (var length = bytes.Length * 8; length >= 0; length--)
        {
            if (length < bytes.Length * 8)
                bytes[length / 8] &= (byte)~(0x80 >> (length % 8));
            yield return new IPNetwork(new IPAddress(bytes), length).ToString();
        }
    }

    private static IPAddress Plain(IPAddress host) =>
        host.AddressFamily == AddressFamily.InterNetworkV6 && host.IsIPv4MappedToIPv6 ? host.MapToIPv4() : host;

    private List<T> Read<T>(string text, Func<SqliteDataReader, T> row, List<(string Name, object? Value)> values)
    {
        if (!File.Exists(_path))
            throw new BlockStoreException($"{_path}: there is no such file: name the directory that the daemon keeps its state in");
        try
        {
            using var connection = StateDatabase.Connect(_path, SqliteOpenMode.ReadOnly);
            // A daemon of before, which runs still, knows of one mail server, or has no fleet.
            var version = Convert.ToInt32(Sql.Scalar(connection, "PRAGMA user_version"), CultureInfo.InvariantCulture);
            if (version < 2)
                text = text.Replace(", mailer, node FROM", ", NULL, NULL FROM", StringComparison.Ordinal);
            else if (version < 3)
                text = text.Replace(", node FROM", ", NULL FROM", StringComparison.Ordinal);
            return Sql.Read(connection, text, row, [.. values]);
        }
        catch (SqliteException e)
        {
            throw SqliteFailure.Of(e, _path);
        }
    }
}
