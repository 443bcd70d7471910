using NUnit.Framework;

namespace BlockSmtp.Testing;

/// <summary>What every <see cref="IResumableLogSource"/> must do besides.</summary>
public abstract class ResumableLogSourceConformance : LogSourceConformance
{
    /// <summary>A later run that is told the place of an earlier one hands out what is behind it, and nothing else.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task A_later_run_goes_on_behind_what_was_handed_out()
    {
        await WriteAsync(BytesOf("first", "second"));
        var position = await PositionBehindAsync(2);
        await WriteAsync(BytesOf("third", "fourth"));

        var next = MakeResumable();
        next.ResumeFrom(position);

        Assert.That((await ReadUntilAsync(next, (found, _) => found.Count >= 2)).Lines, Is.EqualTo(new[] { "third", "fourth" }));
    }

    /// <summary>The place stands for all that was handed out, also between chunks and before more is asked for.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task A_place_that_was_taken_up_is_the_place_until_more_is_handed_out()
    {
        await WriteAsync(BytesOf("first"));
        var position = await PositionBehindAsync(1);

        var next = MakeResumable();
        next.ResumeFrom(position);

        Assert.That(next.Position, Is.EqualTo(position));
    }

    /// <summary>A place that it does not know is no reason to throw: reading begins as if nothing had been said.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task A_place_that_nobody_knows_is_no_error()
    {
        await WriteAsync(BytesOf("first"));
        var source = MakeResumable();
        source.ResumeFrom("a place of another source, or of a log that is no more");
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await Task.Factory.StartNew(
            () => DrainAsync(source, stop.Token).GetAwaiter().GetResult(), default, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private static async Task DrainAsync(ILogSource source, CancellationToken stop)
    {
        await foreach (var _ in source.ReadAsync(stop).ConfigureAwait(false))
        {
        }
    }

    private IResumableLogSource MakeResumable() =>
        Make() as IResumableLogSource ?? throw new AssertionException("it is no IResumableLogSource: derive from LogSourceConformance");

    private async Task<string> PositionBehindAsync(int lines)
    {
        var source = MakeResumable();
        string? position = null;
        await ReadUntilAsync(source, (found, _) =>
        {
            position = source.Position;
            return found.Count >= lines;
        });
        Assert.That(position, Is.Not.Null.And.Not.Empty);
        return position!;
    }
}
