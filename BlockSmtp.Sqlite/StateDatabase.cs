using System.Globalization;
using Microsoft.Data.Sqlite;

namespace BlockSmtp.Sqlite;

/// <summary>An open database with the state in it.</summary>
internal sealed class StateDatabase : IDisposable
{
    // To look for damage reads the whole file: a large one is found out when it is read.
    private const long LargestChecked = 64L << 20;

    // As many as the engine keeps it of.
    private const int MostEvidence = 10_000;

    private readonly SqliteConnection _connection;

    private StateDatabase(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens it for the one who writes it.</summary>
    public static StateDatabase Open(string path, IReadOnlyList<string> steps)
    {
        var connection = Connect(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            // WAL: readers do not wait for the writer, nor he for them. NORMAL: a commit outlasts the process, and after a loss
            // of power the database is whole, though the last commits may be gone (sqlite.org/pragma.html).
            Sql.Run(connection, "PRAGMA auto_vacuum = INCREMENTAL");
            Sql.Run(connection, "PRAGMA journal_mode = WAL");
            Sql.Run(connection, "PRAGMA synchronous = NORMAL");
            Sql.Run(connection, "PRAGMA journal_size_limit = 16777216");
            if (new FileInfo(path).Length <= LargestChecked && Sql.Scalar(connection, "PRAGMA quick_check(1)") is string found and not "ok")
                throw new FormatException(found);
            StateSchema.Migrate(connection, steps);
            return new StateDatabase(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        SqliteLibrary.Load();
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 2 }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public StoredState Load()
    {
        // The engine keeps the evidence of the latest blocks only, and that of all others would fill the memory at the start.
        var since = Sql.Scalar(
            _connection,
            "SELECT since FROM block WHERE released IS NULL AND evidence IS NOT NULL ORDER BY since DESC LIMIT 1 OFFSET $most",
            ("$most", MostEvidence)) as long? ?? 0;
        return Load(since, []);
    }

    private StoredState Load(long evidenceSince, Dictionary<string, string> reasons) => new()
    {
        LogPosition = Sql.Scalar(_connection, "SELECT position FROM log") as string,
        Blocks = LoadBlocks(evidenceSince, reasons),
        Offenses = Sql.Read(_connection, "SELECT host, offenses FROM offender", Row.ToOffenses),
        Waiting = Sql.Read(
            _connection, "SELECT queue_id, process, log_host, offenses, first, last, recipients FROM waiting", Row.ToWaiting),
    };

    /// <summary>
    /// The blocks that nobody has ended, in the order in which they were made. Of most only what stands in a row before the names: those
    /// are on pages of their own, a gigabyte of them, and whether a block has ended the index tells.
    /// </summary>
    private List<Block> LoadBlocks(long evidenceSince, Dictionary<string, string> reasons)
    {
        var blocks = Sql.Read(
            _connection,
            "SELECT network, since, until, offenses, reason, node FROM block INDEXED BY block_in_force WHERE "
                + "released IS NULL AND since <= $since",
            row => Row.ToRestored(row, 5, reasons),
            ("$since", evidenceSince));
        blocks.AddRange(Sql.Read(
            _connection,
            $"SELECT {Row.BlockColumns} FROM block WHERE released IS NULL AND since > $since",
            row => Row.ToRecord(row).Block,
            ("$since", evidenceSince)));
        blocks.Sort((one, other) => one.Since.CompareTo(other.Since));
        return blocks;
    }

    public void Commit(StateChange change)
    {
        using var transaction = _connection.BeginTransaction();
        if (change.IsWhole)
            Forget(change);
        WriteBlocks(change.Blocks);
        WriteOffenses(change.Offenses);
        WriteWaiting(change.Waiting);
        Sql.Run(
            _connection, "INSERT INTO log (id, position, committed) VALUES (1, $position, "
                + "$time) ON CONFLICT DO UPDATE SET position = $position, committed = $time",
            ("$position", change.LogPosition), ("$time", Row.Time(change.Time)));
        transaction.Commit();
    }

    /// <summary>Takes one small step of clearing away history that is too old or too much.</summary>
    /// <returns>Whether there may be more to clear away.</returns>
    public bool Purge(DateTimeOffset before, long maxSize)
    {
        const int Step = 500;
        var deleted = Delete("AND released < $before", ("$before", Row.Time(before)));
        if (deleted < Step && Size() > maxSize)
            deleted += Delete("", []);
        if (deleted > 0)
            Sql.Run(_connection, "PRAGMA incremental_vacuum(1000)");
        return deleted >= Step;

        int Delete(string condition, params ReadOnlySpan<(string Name, object? Value)> values) => Sql.Run(
            _connection,
            $"DELETE FROM block WHERE (network, since) IN (SELECT network, since FROM block WHERE released IS NOT NULL {condition} "
                + $"ORDER BY released LIMIT {Step})",
            values);
    }

    public void Dispose() => _connection.Dispose();

    private long Size()
    {
        long Pragma(string name) => Convert.ToInt64(Sql.Scalar(_connection, "PRAGMA " + name), CultureInfo.InvariantCulture);
        return (Pragma("page_count") - Pragma("freelist_count")) * Pragma("page_size");
    }

    /// <summary>What is not in a whole state is no more.</summary>
    private void Forget(StateChange whole)
    {
        Sql.Run(_connection, "DELETE FROM offender; DELETE FROM waiting");
        var current = whole.Blocks.Where(record => record.IsCurrent)
            .Select(record => (record.Block.Network, Row.Time(record.Block.Since)))
            .ToHashSet();
        var gone = Sql.Read(
            _connection,
            "SELECT network, since FROM block WHERE released IS NULL",
            row => (Network: row.GetString(0), Since: row.GetInt64(1)),
            row => !current.Contains((System.Net.IPNetwork.Parse(row.GetString(0)), row.GetInt64(1))));
        // How it ended was not kept while the store failed: its time was over, or somebody has released it.
        using var end = Sql.Prepare(
            _connection,
            $"UPDATE block SET released = min(until, $time), release_reason = iif(until <= $time, {(int)ReleaseReason.Expired}, "
                + $"{(int)ReleaseReason.Requested}) WHERE network = $network AND since = $since",
            "$time", "$network", "$since");
        foreach (var (network, since) in gone)
            end.RunWith(Row.Time(whole.Time), network, since);
    }

    private void WriteBlocks(IReadOnlyList<BlockRecord> records)
    {
        if (records.Count == 0)
            return;
        using var write = Sql.Prepare(
            _connection,
            $"""
            INSERT INTO block ({Row.BlockColumns})
            VALUES ($network, $since, $until, $offenses, $reason, $evidence, $first, $last, $recipients, $source, $released, $release_reason, $mailer, $node)
            ON CONFLICT DO UPDATE SET until = $until, released = $released, release_reason = $release_reason
            WHERE until <> $until OR released IS NOT $released
            """,
            "$network", "$since", "$until", "$offenses", "$reason", "$evidence", "$first", "$last", "$recipients", "$source", "$released",
            "$release_reason", "$mailer", "$node");
        foreach (var (block, releasedAt, reason) in records)
        {
            var evidence = block.Evidence;
            write.RunWith(
                block.Network.ToString(), Row.Time(block.Since), Row.Time(block.Until), block.Offenses, block.Reason,
                evidence?.Offenses, evidence is null ? null : Row.Time(evidence.First), evidence is null ? null : Row.Time(evidence.Last),
                evidence is null ? null : Row.Text(evidence.Recipients), (int?)evidence?.Source,
                releasedAt is { } at ? Row.Time(at) : null, (int?)reason, (int?)evidence?.Mailer, block.Node);
        }
    }

    private void WriteOffenses(IReadOnlyList<HostOffenses> hosts)
    {
        if (hosts.Count == 0)
            return;
        using var write = Sql.Prepare(
            _connection, "INSERT OR REPLACE INTO offender (host, offenses) VALUES ($host, $offenses)", "$host", "$offenses");
        using var delete = Sql.Prepare(_connection, "DELETE FROM offender WHERE host = $host", "$host");
        foreach (var (host, offenses) in hosts)
        {
            if (offenses.Count > 0)
                write.RunWith(host.ToString(), Row.Text(offenses));
            else
                delete.RunWith(host.ToString());
        }
    }

    private void WriteWaiting(IReadOnlyList<WaitingTransaction> transactions)
    {
        if (transactions.Count == 0)
            return;
        using var write = Sql.Prepare(
            _connection,
            "INSERT OR REPLACE INTO waiting (queue_id, process, log_host, offenses, first, last, recipients) VALUES ($queue_id, $process, "
                + "$log_host, $offenses, $first, $last, $recipients)",
            "$queue_id", "$process", "$log_host", "$offenses", "$first", "$last", "$recipients");
        using var delete = Sql.Prepare(
            _connection,
            "DELETE FROM waiting WHERE queue_id = $queue_id AND process = $process AND log_host = $log_host",
            "$queue_id",
            "$process",
            "$log_host");
        foreach (var one in transactions)
        {
            if (one.Offenses > 0)
                write.RunWith(
                    one.QueueId, one.ProcessId, one.LogHost, one.Offenses, Row.Time(one.First), Row.Time(one.Last),
                    Row.Text(one.Recipients));
            else
                delete.RunWith(one.QueueId, one.ProcessId, one.LogHost);
        }
    }
}
