using System.Globalization;
using Microsoft.Data.Sqlite;

namespace BlockSmtp.Sqlite;

/// <summary>The tables, and how those of an older version become them. A version is never changed once it was released.</summary>
internal static class StateSchema
{
    // Times are in units of 100 ns since 1970-01-01 UTC: datetime(since / 10000000, 'unixepoch') shows one.
    private const string First = """
        CREATE TABLE log (id INTEGER PRIMARY KEY CHECK (id = 1), position TEXT, committed INTEGER NOT NULL);
        CREATE TABLE block (
            network TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, offenses INTEGER NOT NULL, reason TEXT NOT NULL,
            evidence INTEGER, first INTEGER, last INTEGER, recipients TEXT, source INTEGER,
            released INTEGER, release_reason INTEGER,
            PRIMARY KEY (network, since)) WITHOUT ROWID;
        CREATE INDEX block_in_force ON block (network) WHERE released IS NULL;
        CREATE INDEX block_since ON block (since);
        CREATE INDEX block_released ON block (released) WHERE released IS NOT NULL;
        CREATE TABLE offender (host TEXT PRIMARY KEY, offenses TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE waiting (
            queue_id TEXT NOT NULL, process INTEGER NOT NULL, log_host TEXT NOT NULL, offenses INTEGER NOT NULL,
            first INTEGER NOT NULL, last INTEGER NOT NULL, recipients TEXT NOT NULL,
            PRIMARY KEY (queue_id, process, log_host)) WITHOUT ROWID;
        """;

    private const string WithMailer = "ALTER TABLE block ADD COLUMN mailer INTEGER";

    // The host of the fleet that has led to a block; NULL for this one.
    private const string WithNode = "ALTER TABLE block ADD COLUMN node TEXT";

    /// <summary>What makes version 1 of nothing, 2 of 1, and so on.</summary>
    public static IReadOnlyList<string> Steps { get; } = [First, WithMailer, WithNode];

    /// <summary>Brings a database to the latest version, in one transaction.</summary>
    /// <exception cref="BlockStoreException">It is of a later version than this program knows.</exception>
    public static void Migrate(SqliteConnection connection, IReadOnlyList<string> steps)
    {
        var version = Convert.ToInt32(Sql.Scalar(connection, "PRAGMA user_version"), CultureInfo.InvariantCulture);
        if (version > steps.Count)
        {
            throw new BlockStoreException(
                $"{connection.DataSource} was written by a later blocksmtp (version {version}, this one knows {steps.Count}): "
                    + "install that one again, or move the file away and begin anew");
        }

        if (version == steps.Count)
            return;
        using var transaction = connection.BeginTransaction();
        for (; version < steps.Count; version++)
            Sql.Run(connection, steps[version]);
        Sql.Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {version}"));
        transaction.Commit();
    }
}
