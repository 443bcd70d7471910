namespace BlockSmtp.Tests.Logs;

/// <summary>What happens to a followed log's name. An hour between looks proves that the kernel told.</summary>
[TestFixture(3_600_000)]
[TestFixture(20)]
public class LogRotationTests(int pollMilliseconds) : FollowingTests
{
    private readonly TimeSpan _poll = TimeSpan.FromMilliseconds(pollMilliseconds);

    [Test]
    public async Task After_a_rename_the_new_file_is_read_from_its_start()
    {
        Logs.Append("old\n");
        await FollowAsync(poll: _poll);
        Logs.Append("1\n");
        Logs.Rename();
        Logs.Append("2\n");
        await ExpectAsync("1", "2");
        await Events.NextAsync(1102);
        Logs.Append("3\n");
        await ExpectAsync("3");
    }

    [Test]
    public async Task A_syslogd_that_has_not_reopened_is_read_on_while_there_is_no_new_file()
    {
        await FollowAsync(create: true, poll: _poll);
        using var syslogd = Logs.OpenWriter();
        syslogd.Write("1\n");
        await ExpectAsync("1");
        Logs.Rename();
        syslogd.Write("2\n");
        await ExpectAsync("2");
        syslogd.Write("3\n");
        Logs.Append("4\n");
        await ExpectAsync("3", "4");
    }

    [Test]
    public async Task A_syslogd_that_has_not_reopened_is_read_on_while_the_new_file_is_empty()
    {
        await FollowAsync(create: true, poll: _poll);
        using var syslogd = Logs.OpenWriter();
        Logs.Rename();
        Logs.Append("");
        foreach (int i in Enumerable.Range(0, 5))
        {
            syslogd.Write($"{i}\n");
            await ExpectAsync($"{i}");
        }
        syslogd.Write("last\n");
        Logs.Append("first\n");
        await ExpectAsync("last", "first");
    }

    [Test]
    public async Task An_unfinished_last_line_of_the_old_file_is_ended_by_the_rotation()
    {
        await FollowAsync(create: true, poll: _poll);
        Logs.Append("1\nunfinished");
        await ExpectAsync("1");
        Logs.Rename();
        Logs.Append("2\n");
        await ExpectAsync("unfinished", "2");
    }

    [Test]
    public async Task A_new_file_that_was_rotated_away_empty_is_passed_over()
    {
        await FollowAsync(create: true, poll: _poll);
        Logs.Append("1\n");
        await ExpectAsync("1");
        for (int i = 0; i < 3; i++)
        {
            Logs.Rename($"empty.{i}");
            Logs.Append("");
        }
        Logs.Append("2\n");
        await ExpectAsync("2");
    }

    [Test]
    public async Task A_rename_that_is_taken_back_changes_nothing()
    {
        await FollowAsync(create: true, poll: _poll);
        Logs.Append("1\n");
        await ExpectAsync("1");
        Logs.Rename();
        Logs.Append("");
        File.Move(Logs.At("mail.log.1"), Logs.Log, overwrite: true);
        Logs.Append("2\n");
        await ExpectAsync("2");
    }

    [Test]
    public async Task After_a_truncation_the_file_is_read_from_its_start()
    {
        Logs.Append("old old old old\n");
        await FollowAsync(poll: _poll);
        Logs.Append("1\nunfinished");
        await ExpectAsync("1");
        Logs.Truncate();
        await Events.NextAsync(1103);
        Logs.Append("2\n");
        await ExpectAsync("unfinished", "2");
    }

    [Test]
    public async Task A_truncated_file_that_has_grown_past_its_old_length_is_noticed()
    {
        await FollowAsync(create: true, poll: _poll);
        Logs.Append("1\n");
        await ExpectAsync("1");
        Logs.Write("mail.log", "a whole new beginning\n");
        await ExpectAsync("a whole new beginning");
        // Written over in place with something longer: no moment at which the file is shorter.
        using (var file = new FileStream(Logs.Log, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.Write("another beginning, and longer\nthan the old\n"u8);
        await ExpectAsync("another beginning, and longer", "than the old");
    }

    [Test]
    public async Task A_writer_that_leaves_a_hole_where_the_file_was_truncated_is_read_on()
    {
        await FollowAsync(create: true, poll: _poll);
        using var writer = new FileStream(Logs.Log, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        writer.Write("a line that is longer than what is compared, which is sixty-four bytes\n"u8);
        await ExpectAsync("a line that is longer than what is compared, which is sixty-four bytes");
        // Truncated and written at the old place in one go, as seen by a reader that comes late.
        using (var other = new FileStream(Logs.Log, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0))
            other.Write(new byte[writer.Position]);
        writer.Write("next\n"u8);
        await ExpectAsync("next");
    }

    [Test]
    public async Task A_deleted_file_is_awaited_and_read_from_its_start()
    {
        await FollowAsync(create: true, poll: _poll);
        Logs.Append("1\n");
        await ExpectAsync("1");
        File.Delete(Logs.Log);
        Logs.Append("2\n");
        await ExpectAsync("2");
    }

    [Test]
    public async Task A_deleted_directory_is_awaited_too()
    {
        string log = Logs.At("a/mail.log");
        Directory.CreateDirectory(Logs.At("a"));
        File.WriteAllText(log, "old\n");
        var reader = Follow(poll: _poll, path: log);
        await Events.NextAsync(1101);
        Directory.Delete(Logs.At("a"), recursive: true);
        Directory.CreateDirectory(Logs.At("a"));
        File.AppendAllText(log, "1\n");
        (await reader.NextLineAsync()).Should().Be("1");
    }

    [Test]
    public async Task A_file_that_does_not_exist_yet_is_awaited_and_read_from_its_start()
    {
        Follow(poll: _poll);
        await Events.NextAsync(1100);
        Logs.Append("1\n");
        await ExpectAsync("1");
    }

    [Test]
    public async Task A_file_that_is_moved_to_its_place_is_noticed()
    {
        Follow(poll: _poll);
        await Events.NextAsync(1100);
        File.Move(Logs.Write("elsewhere", "1\n"), Logs.Log);
        await ExpectAsync("1");
    }

    [Test]
    public async Task A_file_whose_directory_does_not_exist_yet_is_awaited()
    {
        var reader = Follow(poll: _poll, path: Logs.At("a/b/mail.log"));
        await Events.NextAsync(1100);
        Directory.CreateDirectory(Logs.At("a"));
        Directory.CreateDirectory(Logs.At("a/b"));
        File.WriteAllText(Logs.At("a/b/mail.log"), "1\n");
        (await reader.NextLineAsync()).Should().Be("1");
        File.AppendAllText(Logs.At("a/b/mail.log"), "2\n");
        (await reader.NextLineAsync()).Should().Be("2");
    }

    [Test]
    public async Task A_symbolic_link_that_is_switched_is_followed()
    {
        File.CreateSymbolicLink(Logs.Log, Logs.Write("monday", "old\n"));
        await FollowAsync(poll: _poll);
        Logs.Append("1\n");
        await ExpectAsync("1");
        File.CreateSymbolicLink(Logs.At("new"), Logs.Write("tuesday", "2\n"));
        File.Move(Logs.At("new"), Logs.Log, overwrite: true);
        await ExpectAsync("2");
        Logs.Append("3\n");
        await ExpectAsync("3");
    }

    [Test]
    public async Task A_target_of_a_symbolic_link_in_another_directory_may_be_rotated()
    {
        Directory.CreateDirectory(Logs.At("data"));
        File.CreateSymbolicLink(Logs.Log, Logs.Write("data/log", "old\n"));
        await FollowAsync(poll: _poll);
        Logs.Append("1\n");
        await ExpectAsync("1");
        File.Move(Logs.At("data/log"), Logs.At("data/log.1"));
        File.WriteAllText(Logs.At("data/log"), "2\n");
        await ExpectAsync("2");
    }

    [Test]
    public async Task A_symbolic_link_may_lead_nowhere_yet()
    {
        Directory.CreateDirectory(Logs.At("data"));
        File.CreateSymbolicLink(Logs.Log, Logs.At("data/log"));
        Follow(poll: _poll);
        await Events.NextAsync(1100);
        File.WriteAllText(Logs.At("data/log"), "1\n");
        await ExpectAsync("1");
    }

    [Test]
    public async Task A_new_file_that_cannot_be_read_yet_is_awaited()
    {
        await FollowAsync(create: true, poll: _poll);
        Logs.Append("1\n");
        await ExpectAsync("1");
        Logs.Rename();
        Directory.CreateDirectory(Logs.Log);
        await Events.NextAsync(1105);
        Directory.Delete(Logs.Log);
        Logs.Append("2\n");
        await ExpectAsync("2");
    }
}
