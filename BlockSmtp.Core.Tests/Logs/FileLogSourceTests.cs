using BlockSmtp.Logs;

namespace BlockSmtp.Tests.Logs;

/// <summary>A log that is written and stays where it is. What happens to its name is in <see cref="LogRotationTests"/>.</summary>
public class FileLogSourceTests : FollowingTests
{
    [Test]
    public async Task Following_begins_at_the_end_of_what_is_there()
    {
        Logs.Append("old\n");
        await FollowAsync();
        Logs.Append("new\n");
        await ExpectAsync("new");
    }

    [Test]
    public async Task What_is_written_between_the_making_of_the_source_and_its_first_look_counts()
    {
        Logs.Append("old\n");
        var source = Source();
        Logs.Append("new\n");
        await Task.Run(() => Chunks.Of(source).First().Lines.ToArray().Should().Equal("new\n"u8.ToArray()));
    }

    [Test]
    public async Task Following_may_begin_at_the_start()
    {
        Logs.Append("old\n");
        await FollowAsync(fromStart: true);
        Logs.Append("new\n");
        await ExpectAsync("old", "new");
    }

    [Test]
    public async Task A_line_that_is_half_written_when_following_begins_is_read_whole()
    {
        Logs.Append("old\nhalf ");
        await FollowAsync();
        Logs.Append("and half\n");
        await ExpectAsync("half and half");
    }

    [Test]
    public async Task The_rest_of_a_very_long_line_is_not_taken_for_a_line_of_its_own()
    {
        Logs.Append(new string('x', 200_000));
        var reader = await FollowAsync();
        Logs.Append("forged\nnext\n");
        await ExpectAsync("next");
        reader.SkippedLines.Should().Be(1);
    }

    [Test]
    public async Task A_line_written_in_pieces_is_held_back_until_its_end()
    {
        await FollowAsync(create: true);
        foreach (char c in "one piece after another")
            Logs.Append(c.ToString());
        Logs.Append("\nnext\n");
        await ExpectAsync("one piece after another", "next");
    }

    [Test]
    public async Task Many_lines_written_at_once_come_in_few_chunks()
    {
        Logs.Append(string.Concat(Enumerable.Repeat("a line\n", 1000)));
        await Task.Run(() => Chunks.Of(Source(fromStart: true)).First().Lines.Length.Should().Be(7000));
    }

    [Test]
    public async Task Carriage_returns_and_NUL_bytes_are_handed_out_as_they_are()
    {
        await FollowAsync(create: true);
        Logs.Append("crlf\r\n\0nul\0\n\n");
        await ExpectAsync("crlf\r", "\0nul\0", "");
    }

    [Test]
    public async Task Long_lines_are_left_out_counted_and_told()
    {
        var reader = await FollowAsync(create: true);
        string longest = new('y', LineCutter.MaxLineLength);
        Logs.Append("a\n" + new string('x', 10_000_000));
        Logs.Append($"\nb\n{longest}\n{longest}z\nc\n");
        await ExpectAsync("a", "b", longest, "c");
        reader.SkippedLines.Should().Be(2);
        await Events.NextAsync(1104);
    }

    [Test]
    public void Memory_stays_bounded_however_long_a_line_is()
    {
        Logs.Append("a\n");
        for (int i = 0; i < 10; i++)
            Logs.Append(new string('x', 1_000_000));
        Logs.Append("\nb\n");
        using var chunks = Chunks.Of(Source(fromStart: true)).GetEnumerator();
        chunks.MoveNext();
        long before = GC.GetAllocatedBytesForCurrentThread();
        chunks.MoveNext();
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(100_000);
        Chunks.Lines(chunks.Current).Should().Equal("b");
    }

    [Test]
    public void Neither_waiting_nor_a_chunk_allocates_anything()
    {
        var source = Source(fromStart: true, poll: TimeSpan.FromMilliseconds(2));
        Logs.Append("warm\n");
        using var chunks = new Steps(source);
        chunks.Next();
        // Some fifty idle rounds of two milliseconds, then a line that ends them; what is done for the first time may allocate.
        using var writer = new Timer(_ => Logs.Append("line\n"), null, 100, 200);
        chunks.Next();
        long before = GC.GetAllocatedBytesForCurrentThread();
        chunks.Next();
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    [Test]
    public async Task A_write_is_told_by_the_kernel_and_not_found_by_looking()
    {
        await FollowAsync(create: true, poll: TimeSpan.FromHours(1));
        foreach (int i in Enumerable.Range(0, 20))
        {
            Logs.Append($"{i}\n");
            await ExpectAsync($"{i}");
        }
    }

    [Test]
    public async Task Cancelling_ends_the_enumeration_without_an_error([Values] bool exists)
    {
        if (exists)
            Logs.Append("");
        var reader = Follow(poll: TimeSpan.FromHours(1));
        await Events.NextAsync(exists ? 1101 : 1100);
        (await reader.CancelAsync()).Should().BeEmpty();
    }

    [Test]
    public void A_token_that_is_cancelled_already_ends_it_at_once()
    {
        Logs.Append("old\n");
        Chunks.Of(Source(fromStart: true), new CancellationToken(canceled: true)).Should().BeEmpty();
    }

    [Test]
    public void A_source_can_be_read_again_after_it_was_left()
    {
        Logs.Append("a\n");
        var source = Source(fromStart: true);
        for (int i = 0; i < 3; i++)
            Chunks.Lines(Chunks.Of(source).First()).Should().Equal("a");
    }

    [Test]
    public void A_directory_is_refused()
    {
        Directory.CreateDirectory(Logs.Log);
        FluentActions.Invoking(() => Chunks.Of(Source()).First())
            .Should().Throw<IOException>().WithMessage($"{Logs.Log}: is a directory: *");
    }

    [Test]
    public void A_pipe_is_refused()
    {
        Fixtures.Command.Run("mkfifo", Logs.Log);
        FluentActions.Invoking(() => Chunks.Of(Source()).First())
            .Should().Throw<IOException>().WithMessage($"{Logs.Log}: is not a regular file: *");
    }

    [Test]
    public void A_file_that_may_not_be_read_is_refused()
    {
        // Root may read everything, but nobody may follow links in a circle.
        File.CreateSymbolicLink(Logs.Log, Logs.Log);
        FluentActions.Invoking(() => Chunks.Of(Source()).First()).Should().Throw<IOException>().WithMessage($"{Logs.Log}: *");
        LogFileError.For("/x", FileCalls.NoPermission).Should().BeOfType<UnauthorizedAccessException>()
            .Which.Message.Should().StartWith("/x: permission denied: ");
    }

    [Test]
    public void Options_out_of_their_range_are_refused()
    {
        FluentActions.Invoking(() => new FileLogSource("")).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => Source(poll: TimeSpan.Zero)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new FileLogSource(new FileLogSourceOptions { Path = Logs.Log, ReadLength = 0 }))
            .Should().Throw<ArgumentOutOfRangeException>();
    }

    /// <summary>Steps through a source without allocating anything itself.</summary>
    private sealed class Steps(ILogSource source) : IDisposable
    {
        private readonly IAsyncEnumerator<LogChunk> _chunks = source.ReadAsync(CancellationToken.None).GetAsyncEnumerator();

        public void Next()
        {
            var step = _chunks.MoveNextAsync();
            if (!step.IsCompleted || !step.Result)
                throw new InvalidOperationException("The source ended, or left the thread.");
        }

        public void Dispose() => _chunks.DisposeAsync().AsTask().Wait();
    }
}
