using System.Buffers.Text;
using System.Diagnostics;
using System.Numerics;
using System.Text;
using BlockSmtp.Syslog;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Logs;

/// <summary>One run of following the journal: reads what is there, then waits.</summary>
internal sealed class JournalReader : IDisposable
{
    private const int ReadLength = 64 * 1024;
    private const int NoTimeOut = -1;
    private const int MostUnits = 16;

    // journald tells of a change a quarter of a second after it, so that many changes are one. A guesser has no such patience:
    // where one entry of the mail server was, the next is looked for. It costs a look at the number of entries in the file.
    private const int LookMilliseconds = 10;
    private static readonly TimeSpan Lively = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly JournalLogSourceOptions _options;
    private readonly ILogger _logger;
    private readonly CancellationToken _cancellationToken;
    private readonly byte[] _block = GC.AllocateUninitializedArray<byte>(ReadLength + LineCutter.MaxLineLength + JournalLine.MaxHead);
    private readonly HashSet<string> _units = [];
    private JournalHandle? _journal;
    private JournalWait? _wait;
    private string? _closedAt;
    private ulong _lastTime;
    private long _lastSeen = long.MinValue;
    private long _untrusted;
    private long _tooLong;

    public JournalReader(JournalLogSourceOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        _options = options;
        _logger = logger;
        _cancellationToken = cancellationToken;
    }

    /// <summary>The token of the last entry that was read; null before the first.</summary>
    public string? Position => (_lastTime > 0 ? _journal?.Cursor() : null) ?? _closedAt;

    /// <summary>The token of the last entry that is there now; null for none, and where reading is to begin at the beginning.</summary>
    public static string? FindStart(JournalLogSourceOptions options)
    {
        using var journal = Open(options);
        if (options.FromStart)
            return null;
        JournalHandle.Check(JournalCalls.SeekTail(journal), "read");
        return JournalHandle.Check(JournalCalls.Previous(journal), "read") > 0 ? journal.Cursor() : null;
    }

    /// <summary>The last entries that are there now, as lines; at most so many, of which those are left out that are not trusted.</summary>
    public byte[] ReadLast(int entries)
    {
        using var journal = Open(_options);
        JournalHandle.Check(JournalCalls.SeekTail(journal), "read");
        var found = 0;
        while (found < entries && JournalHandle.Check(JournalCalls.Previous(journal), "read") > 0)
            found++;
        using var lines = new MemoryStream();
        _journal = journal;
        try
        {
            for (; found > 0; found--)
            {
                if (!journal.Field("_TRANSPORT"u8).SequenceEqual("driver"u8)
                    && IsTrusted(out var processId)
                    && JournalCalls.GetRealtime(journal, out var time) >= 0)
                    lines.Write(_block.AsSpan(0, Math.Max(0, JournalLine.Write(journal, time, processId, _block))));
                if (JournalHandle.Check(JournalCalls.Next(journal), "read") == 0)
                    break;
            }
        }
        finally
        {
            _journal = null;
        }

        return lines.ToArray();
    }

    /// <summary>Opens the journal behind an entry.</summary>
    /// <param name="cursor">Its token; null for the beginning of the journal.</param>
    /// <returns>False when there is no such entry.</returns>
    public bool TryBegin(string? cursor)
    {
        Close();
        _journal = Open(_options);
        _wait = new JournalWait(_journal, _cancellationToken);
        if (cursor is null)
            return JournalHandle.Check(JournalCalls.SeekHead(_journal), "read") >= 0;
        if (JournalCalls.SeekCursor(_journal, cursor) < 0
            || JournalHandle.Check(JournalCalls.Next(_journal), "read") <= 0
            || JournalCalls.TestCursor(_journal, cursor) <= 0)
            return false;
        // As if it had been read here: after a failure it goes on behind it.
        if (JournalCalls.GetRealtime(_journal, out var time) >= 0)
            _lastTime = time;
        return true;
    }

    /// <summary>Blocks until there is a chunk.</summary>
    /// <returns>False when the token was cancelled.</returns>
    public bool TryReadNext(out LogChunk chunk)
    {
        while (!_cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (_journal is null)
                    BeginAgain();
                if (TryRead(out chunk))
                    return true;
                _wait!.Wait(_lastSeen >= 0 && Stopwatch.GetElapsedTime(_lastSeen) < Lively ? LookMilliseconds : NoTimeOut);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A damaged file, a disk that fails: libsystemd may get over it with its files opened anew.
                _logger.JournalFailed(e.Message);
                Close();
                _cancellationToken.WaitHandle.WaitOne(RetryDelay);
            }
        }

        chunk = default;
        return false;
    }

    public void Dispose() => Close();

    private static JournalHandle Open(JournalLogSourceOptions options)
    {
        var journal = JournalHandle.Open(options.Directory);
        try
        {
            foreach (var identifier in options.Identifiers)
                journal.AddMatch("SYSLOG_IDENTIFIER", identifier);
            if (options.Unit is { } unit)
                journal.AddMatch("_SYSTEMD_UNIT", unit);
            // And what journald itself says that it has dropped (SD_MESSAGE_JOURNAL_DROPPED of sd-messages.h).
            JournalHandle.Check(JournalCalls.AddDisjunction(journal), "narrowed");
            journal.AddMatch("_TRANSPORT", "driver");
            journal.AddMatch("MESSAGE_ID", "a596d6fe7bfa4994828e72309e95d61e");
            // Long values are cut there; what is longer than a line may be is seen to be so.
            JournalHandle.Check(JournalCalls.SetDataThreshold(journal, LineCutter.MaxLineLength + JournalLine.MaxHead), "opened");
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    private void BeginAgain()
    {
        TryBegin(null);
        if (_lastTime > 0)
            JournalHandle.Check(JournalCalls.SeekRealtime(_journal!, _lastTime + 1), "read");
    }

    /// <summary>Reads as many entries as there are and fit.</summary>
    private bool TryRead(out LogChunk chunk)
    {
        int length = 0, skipped = 0, next = 0;
        long lost = 0;
        while (length < ReadLength && (next = JournalCalls.Next(_journal!)) > 0)
        {
            _lastSeen = Stopwatch.GetTimestamp();
            if (JournalCalls.GetRealtime(_journal!, out var time) >= 0)
                _lastTime = time;
            if (IsOfDropped(out var dropped))
            {
                lost += dropped;
                continue;
            }

            if (!IsTrusted(out var processId))
                continue;
            if (length == 0)
                RememberUnit();
            var written = JournalLine.Write(_journal!, _lastTime, processId, _block.AsSpan(length));
            if (written >= 0)
                length += written;
            else
                skipped++;
        }

        // What was read before a failure is not lost; it shows again at the next turn.
        if (length == 0 && skipped == 0 && lost == 0)
            JournalHandle.Check(next, "read");
        if (skipped > 0)
            TellTooLong(skipped);
        chunk = new LogChunk(_block.AsMemory(0, length)) { SkippedLines = skipped, LostLines = lost };
        return length > 0 || skipped > 0 || lost > 0;
    }

    /// <summary>Whether the entry is journald's own, of others that it has dropped.</summary>
    /// <param name="dropped">How many were the mail server's.</param>
    private bool IsOfDropped(out long dropped)
    {
        dropped = 0;
        // A trusted field, that no sender can set (systemd.journal-fields(7)).
        if (!_journal!.Field("_TRANSPORT"u8).SequenceEqual("driver"u8))
            return false;
        if (LostLines.TryReadJournald(_journal.Field("MESSAGE"u8), out var count, out var unit) && IsMailServer(unit))
            dropped = count;
        return true;
    }

    private bool IsMailServer(ReadOnlySpan<byte> unit)
    {
        var name = Encoding.UTF8.GetString(unit);
        return _options.Unit is { } own ? name == own : LostLines.IsMailServer(unit) || _units.Contains(name);
    }

    /// <summary>Which unit the mail server runs in, now and then.</summary>
    private void RememberUnit()
    {
        var unit = _journal!.Field("_SYSTEMD_UNIT"u8);
        if (!unit.IsEmpty && _units.Count < MostUnits)
            _units.Add(Encoding.UTF8.GetString(unit));
    }

    private bool IsTrusted(out int processId)
    {
        var isProcess = Utf8Parser.TryParse(_journal!.Field("_PID"u8), out processId, out _);
        if (!Utf8Parser.TryParse(_journal!.Field("_UID"u8), out int user, out _))
            user = -1;
        if (isProcess && _options.TrustedUsers.Contains(user))
            return true;
        // Anybody may cause it, so it is told at 1, 2, 4, 8, ...
        if (BitOperations.IsPow2(++_untrusted))
            _logger.JournalEntriesUntrusted(user, string.Join(", ", _options.TrustedUsers), _untrusted);
        return false;
    }

    private void TellTooLong(int count)
    {
        var toldUpTo = BitOperations.Log2((ulong)_tooLong);
        var isFirst = _tooLong == 0;
        _tooLong += count;
        if (isFirst || BitOperations.Log2((ulong)_tooLong) > toldUpTo)
            _logger.JournalEntriesTooLong(LineCutter.MaxLineLength, _tooLong);
    }

    private void Close()
    {
        _closedAt = Position;
        _wait?.Dispose();
        _journal?.Dispose();
        (_wait, _journal) = (null, null);
    }
}
