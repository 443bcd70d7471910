using BlockSmtp.Logs;

namespace BlockSmtp.Tests.Logs;

/// <summary>A log that is read on by a later run, whatever has become of its files meanwhile.</summary>
public sealed class ResumeTests : FollowingTests
{
    private string? _position;

    [SetUp]
    public void ForgetPlace() => _position = null;

    [Test]
    public async Task It_is_read_on_where_it_was_left()
    {
        await ReadAsync("1\n2\n", "1", "2");
        await ReadAsync("3\n4\n", "3", "4");
    }

    [Test]
    public async Task What_was_there_before_the_first_run_never_counts()
    {
        Logs.Append("old\n");
        _position = Source().Position;
        await ReadAsync("1\n", "1");
    }

    [Test]
    public async Task A_line_that_was_half_written_is_read_whole()
    {
        await ReadAsync("1\nhal", "1");
        await ReadAsync("f\n", "half");
    }

    [Test]
    public async Task A_line_that_was_half_written_when_the_first_run_began_is_read_whole()
    {
        Logs.Append("old\nhal");
        _position = Source().Position;
        await ReadAsync("f\n", "half");
    }

    [Test]
    public async Task A_long_line_that_was_half_read_is_left_out_as_a_whole()
    {
        await ReadAsync("1\n" + new string('x', 200_000), "1");
        await ReadAsync("y\n2\n", "2");
    }

    [TestCase("mail.log.1")]
    [TestCase("mail.log-20261124")]
    public async Task A_file_that_was_renamed_is_read_to_its_end_and_then_the_new_one(string rotated)
    {
        await ReadAsync("1\n", "1");
        Logs.Append("2\n");
        Logs.Rename(rotated);
        await ReadAsync("3\n", "2", "3");
        await ReadAsync("4\n", "4");
    }

    [Test]
    public async Task A_file_that_was_copied_and_cut_off_is_read_to_its_end_and_then_what_is_new()
    {
        await ReadAsync("first line\n", "first line");
        Logs.Append("2\n");
        File.Copy(Logs.Log, Logs.At("mail.log.1"));
        Logs.Truncate();
        await ReadAsync("3\n", "2", "3");
    }

    [TestCase("mail.log.3", "mail.log.2", "mail.log.1")]
    [TestCase("mail.log-20261122", "mail.log-20261123", "mail.log-20261124")]
    public async Task All_files_that_came_between_are_read_in_order(string oldest, string older, string old)
    {
        await ReadAsync("1\n", "1");
        Logs.Append("2\n");
        Logs.Rename(oldest);
        Logs.Write(older, "3\n4\n");
        Logs.Write(old, "5\n");
        Logs.Write("mail.log.4", "too old\n");
        Logs.Write("mail.log.bak", "no log\n");
        Logs.WriteCompressed("mail.log.5.gz", "packed\n");
        await ReadAsync("6\n", "2", "3", "4", "5", "6");
    }

    [Test]
    public async Task Where_the_file_is_gone_the_new_one_is_read_from_its_start_and_that_is_said()
    {
        await ReadAsync("1\n", "1");
        File.Delete(Logs.Log);
        await ReadAsync("2\n3\n", "2", "3");
        await Events.NextAsync(1107);
    }

    [Test]
    public async Task A_new_file_of_the_same_inode_is_not_taken_for_the_old_one()
    {
        await ReadAsync("1\n", "1");
        Logs.Truncate();
        await ReadAsync("2, and longer than before\n3\n", "2, and longer than before", "3");
    }

    [Test]
    public async Task A_file_that_was_made_while_nobody_read_is_read_from_its_start()
    {
        _position = Source().Position;
        await ReadAsync("1\n", "1");
    }

    [Test]
    public async Task An_empty_file_that_was_rotated_away_while_nobody_read_is_read_too()
    {
        Logs.Append("");
        _position = Source().Position;
        Logs.Append("1\n");
        Logs.Rename();
        await ReadAsync("2\n", "1", "2");
    }

    [TestCase("")]
    [TestCase("cursor=s=1234")]
    [TestCase("file1 8 1 x 5 - /var/log/mail.log")]
    [TestCase("file1 8 1 7 5 0011223344556677 /another/log")]
    public async Task A_word_of_somebody_else_is_said_and_reading_begins_as_if_nothing_had_been_said(string position)
    {
        Logs.Append("old\n");
        var source = Source();
        source.ResumeFrom(position);
        await Events.NextAsync(1108);
        using var reader = new SourceReader(source);
        await Events.NextAsync(1101);
        Logs.Append("1\n");
        (await reader.NextLineAsync()).Should().Be("1");
    }

    [Test]
    public void A_place_in_a_file_outlasts_being_written_down()
    {
        var place = new FilePosition("/var/log/a b/mail.log", new FileIdentity(254, 3, ulong.MaxValue), long.MaxValue, "0011223344556677");
        FilePosition.TryParse(place.ToString(), out var read).Should().BeTrue();
        read.Should().Be(place);
    }

    /// <summary>A run of its own: goes on where the last has left off, and leaves a place for the next.</summary>
    private async Task ReadAsync(string written, params string[] lines)
    {
        Logs.Append(written);
        var source = Source(fromStart: _position is null);
        if (_position is not null)
            source.ResumeFrom(_position);
        using var reader = new SourceReader(source);
        (await reader.NextLinesAsync(lines.Length)).Should().Equal(lines);
        (await reader.CancelAsync()).Should().BeEmpty();
        _position = source.Position;
    }
}
