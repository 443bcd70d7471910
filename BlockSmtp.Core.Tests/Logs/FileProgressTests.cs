namespace BlockSmtp.Tests.Logs;

/// <summary>How far a followed file is read, as a thread beside sees it.</summary>
public sealed class FileProgressTests : FollowingTests
{
    [Test]
    public async Task It_counts_whole_lines_and_what_is_still_to_come_through_a_rotation()
    {
        var source = Source(fromStart: true);
        source.Progress.Should().BeNull("nothing is open yet");
        Logs.Append("one\ntwo\nhal");
        using var reader = new SourceReader(source);
        await reader.NextLinesAsync(2);
        await EndToEnd.Eventually.IsTrue(() => source.Progress == new LogProgress(8, 11, 3), "two lines are read");

        File.Move(Logs.Log, Logs.Log + ".1");
        Logs.Append("three\n");
        await reader.NextLinesAsync(2);

        await EndToEnd.Eventually.IsTrue(() => source.Progress == new LogProgress(6, 6, 0), "the new file is read");
    }
}
