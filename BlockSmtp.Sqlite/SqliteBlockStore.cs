using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlockSmtp.Sqlite;

/// <summary>
/// Keeps the state of one engine in a SQLite database, <c>state.db</c> in a directory of its own. A commit outlasts the end of the
/// process; after a loss of power the last ones may be gone, and the log is read again from there.
/// </summary>
/// <remarks>
/// Readers in other processes (<see cref="SqliteBlockHistory"/>, <c>sqlite3</c>) do not hold it up. A damaged database is renamed to
/// <c>state.db.corrupt-</c> and the time, and a new one begun. A second store on the same directory is refused.
/// </remarks>
public sealed partial class SqliteBlockStore : IBlockStore, IDisposable
{
    private static readonly TimeSpan PurgeInterval = TimeSpan.FromMinutes(1);

    private readonly SqliteBlockStoreOptions _options;
    private readonly StateDirectory _directory;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly IReadOnlyList<string> _schema;
    private StateDatabase? _database;
    private DateTimeOffset _purgeAt;

    /// <summary>Makes a store; nothing is opened before the engine asks for its state.</summary>
    /// <param name="options">Where and how much.</param>
    /// <param name="timeProvider">The clock that history is cleared away by; null for the machine's.</param>
    /// <param name="logger">Is told when a database is damaged (events 1600 to 1699); null for nobody.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public SqliteBlockStore(SqliteBlockStoreOptions options, TimeProvider? timeProvider = null, ILogger<SqliteBlockStore>? logger = null)
        : this(options, timeProvider, logger, StateSchema.Steps)
    {
    }

    internal SqliteBlockStore(SqliteBlockStoreOptions options, TimeProvider? timeProvider, ILogger? logger, IReadOnlyList<string> schema)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = new() { Directory = Path.GetFullPath(options.Directory), KeepHistory = options.KeepHistory, MaxSize = options.MaxSize };
        _directory = new StateDirectory(_options.Directory);
        _time = timeProvider ?? TimeProvider.System;
        _logger = logger ?? NullLogger.Instance;
        _schema = schema;
    }

    /// <inheritdoc/>
    public ValueTask<StoredState> LoadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return ValueTask.FromResult(Run(database => database.Load(), () => StoredState.Empty));
        }
        catch (BlockStoreException e)
        {
            return ValueTask.FromException<StoredState>(e);
        }
    }

    /// <inheritdoc/>
    public ValueTask CommitAsync(StateChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        try
        {
            Commit(change);
            return ValueTask.CompletedTask;
        }
        catch (BlockStoreException e)
        {
            return ValueTask.FromException(e);
        }
    }

    /// <summary>Closes the database, and lets others have the directory.</summary>
    public void Dispose()
    {
        Close();
        _directory.Dispose();
    }

    private void Commit(StateChange change)
    {
        // Somebody has taken the file away: what is written to it now is seen by nobody, and a new one needs everything.
        if (_database is not null && !File.Exists(_directory.Database))
        {
            Close();
            if (!change.IsWhole)
                throw new BlockStoreException($"{_directory.Database} is not there any more: nothing to mend, it is written anew");
        }

        Run(
            database =>
            {
                database.Commit(change);
                Purge(database);
                return true;
            },
            () => throw new BlockStoreException(
                $"{_directory.Database} was damaged: nothing to mend, it is written anew; see whether the disk is well"));
    }

    private T Run<T>(Func<StateDatabase, T> what, Func<T> whenDamaged)
    {
        try
        {
            return what(Open());
        }
        catch (BlockStoreException)
        {
            Close();
            throw;
        }
        catch (Exception e) when (SqliteFailure.IsDamage(e))
        {
            Close();
            KeepAside(e.Message);
            return whenDamaged();
        }
        catch (SqliteException e)
        {
            Close();
            throw SqliteFailure.Of(e, _directory.Database);
        }
    }

    private StateDatabase Open()
    {
        if (_database is not null)
            return _database;
        SqliteLibrary.Load();
        _directory.Take();
        return _database = StateDatabase.Open(_directory.Database, _schema);
    }

    private void KeepAside(string reason)
    {
        try
        {
            LogDamaged(_directory.Database, reason, _directory.KeepAside(_time.GetUtcNow()));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BlockStoreException(
                $"{_directory.Database} is damaged ({reason}) and cannot be renamed ({e.Message}): move it away", e);
        }
    }

    private void Purge(StateDatabase database)
    {
        var now = _time.GetUtcNow();
        // The clock may have been set back.
        if (now < _purgeAt && _purgeAt - now <= PurgeInterval)
            return;
        if (!database.Purge(now - _options.KeepHistory, _options.MaxSize))
            _purgeAt = now + PurgeInterval;
    }

    private void Close()
    {
        _database?.Dispose();
        _database = null;
    }

    [LoggerMessage(
        1600, LogLevel.Error, "{Path} is damaged ({Reason}): it is kept as {Aside}, and a new one begun; see whether the disk is well")]
    private partial void LogDamaged(string path, string reason, string aside);
}
