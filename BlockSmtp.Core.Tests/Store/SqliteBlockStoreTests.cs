using System.Runtime.Versioning;
using BlockSmtp.Sqlite;
using BlockSmtp.Testing;
using BlockSmtp.Tests.Firewalls;
using BlockSmtp.Tests.Fixtures;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace BlockSmtp.Tests.Store;

public sealed class SqliteBlockStoreTests : BlockHistoryConformance
{
    private TemporaryFolder _folder = null!;
    private FakeTimeProvider _time = null!;
    private RecordedLog<SqliteBlockStore> _log = null!;
    private SqliteBlockStore _store = null!;

    protected override IBlockStore Store => _store;

    protected override IBlockHistory History => new SqliteBlockHistory(_folder["state"]);

    [SetUp]
    public void Make()
    {
        (_folder, _time, _log) = (new(), new(Now), new());
        _store = Open();
    }

    [TearDown]
    public void Close()
    {
        _store?.Dispose();
        _folder?.Dispose();
    }

    [Test]
    public async Task It_outlasts_its_process()
    {
        await CommitAsync(isWhole: true, position: "here", blocks: [new(BlockOf("192.0.2.1/32"))]);
        _store.Dispose();
        _store = Open();
        var state = await _store.LoadAsync(default);
        (state.LogPosition, state.Blocks.Single().Network.ToString()).Should().Be(("here", "192.0.2.1/32"));
    }

    [Test]
    [UnsupportedOSPlatform("windows")]
    public async Task Only_its_owner_may_look_into_it()
    {
        await CommitAsync(isWhole: true);
        File.GetUnixFileMode(_folder["state"]).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.EnumerateFiles(_folder["state"]).Select(File.GetUnixFileMode)
            .Should().OnlyContain(mode => mode == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public async Task A_second_one_on_the_same_directory_is_refused_until_the_first_is_gone()
    {
        await _store.LoadAsync(default);
        using var second = Open();
        (await FailureOf(second.LoadAsync(default))).IsInUse.Should().BeTrue();
        _store.Dispose();
        await second.LoadAsync(default);
    }

    [Test]
    public async Task A_reader_and_the_writer_do_not_hold_each_other_up()
    {
        await CommitAsync(isWhole: true, blocks: [new(BlockOf("192.0.2.1/32"))]);
        using var reader = Connect();
        using var transaction = reader.BeginTransaction(deferred: true);
        Sql.Scalar(reader, "SELECT count(*) FROM block").Should().Be(1L);

        await CommitAsync(blocks: [new(BlockOf("192.0.2.2/32"))]);

        Sql.Scalar(reader, "SELECT count(*) FROM block").Should().Be(1L, "a reader sees what was there when it began");
        (await History.FindAsync(new())).Should().HaveCount(2);
    }

    [Test]
    public async Task An_old_database_is_brought_up_to_date()
    {
        await CommitAsync(isWhole: true, position: "here", blocks: [new(BlockOf("192.0.2.1/32"))]);
        _store.Dispose();

        _store = Open([.. StateSchema.Steps, "ALTER TABLE log ADD COLUMN added TEXT; UPDATE log SET added = 'yes'"]);

        var state = await _store.LoadAsync(default);
        state.Blocks.Should().BeEquivalentTo([BlockOf("192.0.2.1/32")]);
        using var connection = Connect();
        Sql.Scalar(connection, "SELECT added FROM log").Should().Be("yes");
        Sql.Scalar(connection, "PRAGMA user_version").Should().Be((long)StateSchema.Steps.Count + 1);
    }

    [Test]
    public async Task A_step_that_fails_leaves_the_old_version_whole()
    {
        await CommitAsync(isWhole: true, position: "here");
        _store.Dispose();
        using (var broken = Open([.. StateSchema.Steps, "DELETE FROM log", "no SQL"]))
            await FailureOf(broken.LoadAsync(default));

        _store = Open();
        (await _store.LoadAsync(default)).LogPosition.Should().Be("here");
    }

    [Test]
    public async Task A_database_of_a_later_version_is_left_as_it_is()
    {
        using (var later = Open([.. StateSchema.Steps, "CREATE TABLE later (x)"]))
            await later.CommitAsync(new() { Time = Now, IsWhole = true, LogPosition = "here" }, default);

        (await FailureOf(_store.LoadAsync(default))).Message.Should().Contain(
            $"was written by a later blocksmtp (version {StateSchema.Steps.Count + 1}, this one knows "
                + $"{StateSchema.Steps.Count}): install that one again");
        Directory.EnumerateFiles(_folder["state"], "*corrupt*").Should().BeEmpty();
    }

    [Test]
    public async Task What_is_over_is_forgotten_after_its_time_a_few_at_a_time()
    {
        _store.Dispose();
        _store = Open(keep: TimeSpan.FromDays(90));
        await CommitAsync(isWhole: true, blocks: [new(BlockOf("192.0.2.1/32")), .. Enumerable.Range(0, 1200).Select(i => Over(i))]);
        (await History.FindAsync(new())).Should().HaveCount(1201);

        _time.Advance(TimeSpan.FromDays(90) + TimeSpan.FromHours(1));
        await CommitAsync();
        (await History.FindAsync(new())).Should().HaveCount(701);
        await CommitAsync();
        await CommitAsync();

        (await History.FindAsync(new()))
            .Should().ContainSingle("one that nobody has ended is no history").Which.IsCurrent.Should().BeTrue();
    }

    [Test]
    public async Task History_goes_before_its_time_when_there_is_too_much_of_it()
    {
        _store.Dispose();
        _store = Open(maxSize: 1 << 20);
        for (var round = 0; round < 20; round++)
        {
            await CommitAsync(
                isWhole: round == 0, blocks: [.. Enumerable.Range(round * 500, 500).Select(i => Over(i, new string('x', 500)))]);
            _time.Advance(TimeSpan.FromMinutes(2));
        }

        using (var connection = Connect())
            ((long)Sql.Scalar(
                connection,
                "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()")!)
                .Should().BeLessThan(2 << 20);
        (await History.FindAsync(new())).Should().Contain(record => record.Block.Network.ToString() == "10.0.39.15/32", "the latest stays");
    }

    [TestCase(0, 4096)]
    [TestCase(100, 200)]
    [TestCase(4096, 4096)]
    [TestCase(12_288, 60_000)]
    public async Task A_damaged_database_is_kept_aside_and_a_new_one_begun(int from, int count)
    {
        await CommitAsync(isWhole: true, blocks: [.. Enumerable.Range(1, 250).Select(i => new BlockRecord(BlockOf($"192.0.2.{i}/32")))]);
        _store.Dispose();
        var noise = new byte[count];
        new Random(1).NextBytes(noise);
        using (var file = File.OpenWrite(_folder["state/state.db"]))
        {
            file.Position = from;
            file.Write(noise);
        }

        _store = Open();
        (await _store.LoadAsync(default)).Should().BeEquivalentTo(StoredState.Empty);
        await CommitAsync(isWhole: true, position: "anew");

        File.ReadAllBytes(_folder["state/state.db.corrupt-20261123T180003"]).AsSpan(from, count).SequenceEqual(noise)
            .Should().BeTrue("it is the damaged one");
        _log.Entries.Should().ContainSingle(entry => entry.Id == 1600);
        (await _store.LoadAsync(default)).LogPosition.Should().Be("anew");
    }

    [Test]
    public async Task A_file_that_somebody_has_taken_away_is_written_anew()
    {
        await CommitAsync(isWhole: true);
        Directory.Delete(_folder["state"], recursive: true);

        (await FailureOf(_store.CommitAsync(new() { Time = Now }, default))).Message.Should().Contain("is not there any more");
        await CommitAsync(isWhole: true, position: "anew");

        (await _store.LoadAsync(default)).LogPosition.Should().Be("anew");
        using var second = Open();
        (await FailureOf(second.LoadAsync(default))).IsInUse.Should().BeTrue("the new directory is locked as well");
    }

    [Test]
    public async Task A_directory_that_cannot_be_made_is_said()
    {
        File.WriteAllText(_folder["state"], "a file");
        var failure = await FailureOf(_store.LoadAsync(default));
        failure.IsInUse.Should().BeFalse();
        failure.Message.Should().Contain("see that").And.Contain("is a directory that the user blocksmtp runs as may write");
    }

    [Test]
    public async Task A_database_that_another_process_holds_locked_is_said_and_works_afterwards()
    {
        await CommitAsync(isWhole: true);
        using var other = Connect();
        Sql.Run(other, "BEGIN EXCLUSIVE");
        (await FailureOf(_store.CommitAsync(new() { Time = Now, LogPosition = "here" }, default))).Message.Should().Contain(
            "end the process that holds it locked");
        Sql.Run(other, "ROLLBACK");
        await CommitAsync(isWhole: true, position: "here");
    }

    [Test]
    public async Task A_question_where_there_is_no_database_is_answered_with_what_to_name() =>
        (await FluentActions.Awaiting(() => new SqliteBlockHistory(_folder["nowhere"]).FindAsync(new()).AsTask())
            .Should().ThrowAsync<BlockStoreException>())
        .Which.Message.Should().Contain("there is no such file: name the directory");

    private SqliteBlockStore Open(IReadOnlyList<string>? schema = null, TimeSpan? keep = null, long maxSize = 256 << 20) => new(
        new() { Directory = _folder["state"], KeepHistory = keep ?? TimeSpan.FromDays(36_500), MaxSize = maxSize },
        _time,
        _log,
        schema ?? StateSchema.Steps);

    private SqliteConnection Connect() => StateDatabase.Connect(_folder["state/state.db"], SqliteOpenMode.ReadWrite);

    private static BlockRecord Over(int i, string reason = "a test") =>
        new(BlockOf($"10.0.{i / 256}.{i % 256}/32") with { Reason = reason }, Now.AddSeconds(i), ReleaseReason.Expired);

    private static async Task<BlockStoreException> FailureOf(ValueTask call) =>
        (await FluentActions.Awaiting(() => call.AsTask()).Should().ThrowAsync<BlockStoreException>()).Which;

    private static async Task<BlockStoreException> FailureOf<T>(ValueTask<T> call) =>
        (await FluentActions.Awaiting(() => call.AsTask()).Should().ThrowAsync<BlockStoreException>()).Which;
}
