using System.Text;
using NUnit.Framework;

namespace BlockSmtp.Testing;

/// <summary>
/// What every <see cref="ILogSource"/> must do. Derive from it to test one of your own; where yours can go on at a place, derive from
/// <see cref="ResumableLogSourceConformance"/>.
/// </summary>
public abstract class LogSourceConformance
{
    // RFC 5424 sets no limit; the sources of the library take 64 KiB.
    private const int Long = 70_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Whether the source ends by itself when all is handed out, as that of a finished file. Default false: it waits for more.
    /// </summary>
    protected virtual bool Ends => false;

    /// <summary>
    /// Whether control characters in a line stay as they are. Default true. False where a line is made of an entry that may have line feeds
    /// in it, as the journal's: then each is another character.
    /// </summary>
    protected virtual bool KeepsControlCharacters => true;

    /// <summary>
    /// Makes a source over the log that <see cref="WriteAsync"/> writes, which begins with its first line. Called once in a test, or
    /// once for each run that resumes.
    /// </summary>
    /// <returns>A source that nobody has enumerated.</returns>
    protected abstract ILogSource Make();

    /// <summary>Adds whole lines to the log, as whoever logs does.</summary>
    /// <param name="lines">The lines, each with its line feed.</param>
    /// <returns>A task that ends when the source can find them.</returns>
    protected abstract Task WriteAsync(ReadOnlyMemory<byte> lines);

    /// <summary>
    /// What was written of a line that was handed out. Default: all of it. A source that makes lines of entries puts
    /// stamp, host and process before.
    /// </summary>
    /// <param name="line">The line, without its line feed, each byte a character.</param>
    /// <returns>The line as <see cref="WriteAsync"/> got it.</returns>
    protected virtual string TextOf(string line) => line;

    /// <summary>Lines are handed out whole, in order, each once.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task Lines_are_handed_out_whole_in_order_and_once()
    {
        var lines = Enumerable.Range(0, 3000)
            .Select(i => FormattableString.Invariant($"Nov 23 18:00:03 mail1 sm-mta[{i}]: a line of the log"))
            .ToArray();
        await WriteAsync(BytesOf(lines));
        Assert.That(await ReadAsync(lines.Length), Is.EqualTo(lines));
    }

    /// <summary>
    /// A line is handed out as the bytes that it is, in whatever encoding, with blanks at its end and control characters.
    /// </summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task The_bytes_of_a_line_stay_as_they_are()
    {
        byte[] line = [.. "Nov 23 18:00:03 mail1 sm-mta[1]: \t"u8, 0xC3, 0xBC, 0xFF, 0x01, 0x0D, (byte)' ', (byte)' '];
        await WriteAsync((byte[])[.. line, (byte)'\n']);
        var read = await ReadAsync(1);
        Assert.That(read, Has.Count.EqualTo(1));
        Assert.That(read[0], Has.Length.EqualTo(line.Length));
        for (var i = 0; i < line.Length; i++)
        {
            if (KeepsControlCharacters || !char.IsControl((char)line[i]) || line[i] >= 0x80)
                Assert.That((byte)read[0][i], Is.EqualTo(line[i]), $"the byte at {i}");
            else
                Assert.That(char.IsControl(read[0][i]), Is.False, $"the byte at {i}");
        }
    }

    /// <summary>A line that is longer than the source takes is left out as a whole, and counted; what is behind it is handed out.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task A_long_line_is_handed_out_whole_or_left_out_and_counted()
    {
        var lines = new[] { "before", new string('x', Long), "after" };
        await WriteAsync(BytesOf(lines));
        var (read, skipped) = await ReadUntilAsync(Make(), (found, left) => found.Contains("after") && found.Count + left >= 3);
        var whole = read.Where(line => line.Length > 10).ToArray();
        Assert.That(whole, Is.EqualTo(skipped == 0 ? lines[1..2] : []));
        Assert.That(read.Except(whole), Is.EqualTo(new[] { "before", "after" }));
        Assert.That(skipped, Is.LessThanOrEqualTo(1));
    }

    /// <summary>What is written while it reads is handed out. Passes where the source <see cref="Ends"/>.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task A_line_that_is_written_while_it_waits_is_handed_out()
    {
        if (Ends)
            Assert.Pass("it ends, and says so");
        await WriteAsync(BytesOf("first"));
        var wrote = false;
        var (read, _) = await ReadUntilAsync(Make(), (found, _) =>
        {
            if (found.Count == 1 && !wrote)
            {
                wrote = true;
                WriteAsync(BytesOf("second")).GetAwaiter().GetResult();
            }

            return found.Count == 2;
        });
        Assert.That(read, Is.EqualTo(new[] { "first", "second" }));
    }

    /// <summary>It ends when it is cancelled, without an exception, also while it waits for a line.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task A_source_that_is_cancelled_ends_and_does_not_throw()
    {
        await WriteAsync(BytesOf("one"));
        using var stop = new CancellationTokenSource();
        var reading = RunAsync(Make(), (_, _) => false, stop.Token);
        await stop.CancelAsync();
        await reading.WaitAsync(Patience);
    }

    /// <summary>One that was cancelled before it began ends at once.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task A_source_that_was_cancelled_before_it_began_ends()
    {
        await WriteAsync(BytesOf("one"));
        await RunAsync(Make(), (_, _) => false, new CancellationToken(canceled: true)).WaitAsync(Patience);
    }

    /// <summary>
    /// Enumerates a source as the engine does, on a thread of its own, until it ends, has handed out so many lines, or a minute is over.
    /// </summary>
    /// <param name="count">How many lines.</param>
    /// <returns>Their texts, without line feeds, each byte a character.</returns>
    protected async Task<IReadOnlyList<string>> ReadAsync(int count) =>
        (await ReadUntilAsync(Make(), (found, _) => found.Count >= count)).Lines;

    /// <summary>Enumerates a source until somebody has seen enough.</summary>
    /// <param name="source">The source.</param>
    /// <param name="isEnough">Is told the lines so far, and how many were left out; asked after each chunk.</param>
    /// <returns>Their texts, and how many were left out.</returns>
    protected async Task<LinesRead> ReadUntilAsync(ILogSource source, Func<IReadOnlyList<string>, int, bool> isEnough)
    {
        using var patience = new CancellationTokenSource(Patience);
        return await RunAsync(source, isEnough, patience.Token);
    }

    /// <summary>Lines as bytes.</summary>
    /// <param name="lines">The lines, without line feeds.</param>
    /// <returns>All of them, each with one.</returns>
    protected static ReadOnlyMemory<byte> BytesOf(params string[] lines) =>
        Encoding.Latin1.GetBytes(string.Concat(lines.Select(line => line + "\n")));

    private Task<LinesRead> RunAsync(ILogSource source, Func<IReadOnlyList<string>, int, bool> isEnough, CancellationToken stop) =>
        Task.Factory.StartNew(
            () => EnumerateAsync(source, isEnough, stop).GetAwaiter().GetResult(),
            default,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

    private async Task<LinesRead> EnumerateAsync(
        ILogSource source, Func<IReadOnlyList<string>, int, bool> isEnough, CancellationToken stop)
    {
        List<string> lines = [];
        var skipped = 0;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await foreach (var chunk in source.ReadAsync(enough.Token).ConfigureAwait(false))
        {
            var text = Encoding.Latin1.GetString(chunk.Lines.Span);
            // Only of a finished log the very last line may lack it.
            Assert.That(text.Length == 0 || text[^1] == '\n', "a chunk ends with a line feed");
            lines.AddRange(text.Split('\n')[..^1].Select(TextOf));
            skipped += chunk.SkippedLines;
            if (isEnough(lines, skipped))
                break;
        }

        return new LinesRead(lines, skipped);
    }
}
