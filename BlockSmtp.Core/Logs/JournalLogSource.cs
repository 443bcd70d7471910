using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlockSmtp.Logs;

/// <summary>
/// Follows the journal of systemd (sd-journal(3)), which is all the log there is on a machine without a syslog daemon. Each entry
/// of the mail server is handed out as a line of syslog with an ISO 8601 stamp.
/// </summary>
/// <remarks>
/// <para>Anybody on the machine may write to /dev/log under the name of the mail server, and a log file does not show it. The
/// journal does: it has the sender's process and user from the kernel (systemd.journal-fields(7), "trusted fields"). The process
/// number of a line is that one, and entries of users that are not trusted are left out, counted, and told.</para>
/// <para>The kernel wakes the reading thread. journald tells of new entries at most four times a second, so for a second after an
/// entry of the mail server the next one is looked for every ten milliseconds; at rest nothing is polled.</para>
/// <para>Entries over 64 KiB are left out and counted in <see cref="LogChunk.SkippedLines"/>. Control characters become question marks, so
/// that an entry is one line. Rotation and vacuuming of the journal go unnoticed.</para>
/// </remarks>
public sealed class JournalLogSource : IResumableLogSource
{
    private readonly JournalLogSourceOptions _options;
    private readonly ILogger _logger;
    private readonly string? _start;
    private string? _resume;
    private JournalReader? _reader;

    /// <summary>
    /// Opens the journal once, to see that it can be read and where it ends: what counts is logged from now on, so that nothing is
    /// lost while the program sets up the rest.
    /// </summary>
    /// <param name="options">What to follow; null for the defaults. Must not be changed later.</param>
    /// <param name="logger">Is told where reading begins, and what goes wrong (events 1120 to 1139).</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="DllNotFoundException">libsystemd is not installed.</exception>
    /// <exception cref="FileNotFoundException">There is no journal.</exception>
    /// <exception cref="UnauthorizedAccessException">The journal may not be read.</exception>
    /// <exception cref="IOException">The journal cannot be read for another reason.</exception>
    public JournalLogSource(JournalLogSourceOptions? options = null, ILogger? logger = null)
    {
        _options = options ?? new JournalLogSourceOptions();
        _options.Validate();
        _logger = logger ?? NullLogger.Instance;
        _start = JournalReader.FindStart(_options);
    }

    /// <inheritdoc/>
    /// <remarks>What libsystemd calls a cursor. Null where the journal had no entry of the mail server yet.</remarks>
    public string? Position => _reader?.Position ?? _resume ?? _start;

    /// <inheritdoc/>
    public void ResumeFrom(string position)
    {
        ArgumentException.ThrowIfNullOrEmpty(position);
        _resume = position;
    }

    /// <summary>The last entries that are there now, as lines of syslog: for a look at them, beside following.</summary>
    /// <param name="entries">How many at most; those of users that are not trusted are left out.</param>
    /// <returns>Whole lines, each with its line feed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative number.</exception>
    /// <exception cref="IOException">The journal cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The journal may not be read any more.</exception>
    public ReadOnlyMemory<byte> ReadLast(int entries)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(entries);
        using var reader = new JournalReader(_options, NullLogger.Instance, CancellationToken.None);
        return reader.ReadLast(entries);
    }

    /// <inheritdoc/>
    /// <remarks>The thread that asks for a chunk is blocked until there is one.</remarks>
    /// <exception cref="IOException">The journal cannot be read when following begins; later it is tried again.</exception>
    /// <exception cref="UnauthorizedAccessException">The journal may not be read any more when following begins.</exception>
#pragma warning disable CS1998 // There is nothing to await: the engine gave us a thread to block.
    public async IAsyncEnumerable<LogChunk> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
#pragma warning restore CS1998
    {
        using var reader = new JournalReader(_options, _logger, cancellationToken);
        if (_resume is not null && !reader.TryBegin(_resume))
        {
            _logger.JournalPositionLost();
            _resume = null;
        }

        // Nothing of what the end was found in may be there any more: then all that is there is new.
        if (_resume is null && !reader.TryBegin(_start))
            reader.TryBegin(null);
        _reader = reader;
        _logger.JournalOpened(string.Join(", ", _options.Identifiers));
        while (reader.TryReadNext(out var chunk))
            yield return chunk;
    }
}
