using BlockSmtp.Cli.Daemon;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Cli;

/// <summary>Files of locks that nobody holds are removed, and what is removed never gives a lock to two.</summary>
internal sealed class ChainLockTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Make() => _folder = new TemporaryFolder();

    [TearDown]
    public void Remove() => _folder?.Dispose();

    [Test]
    public void What_nobody_holds_is_removed_and_what_somebody_holds_stays()
    {
        foreach (var number in new[] { 1, 2 })
        {
            _folder.Write($"{number}-table-blocksmtp.lock", "");
            _folder.Write($"{number}-table-blocksmtp.line", "");
        }

        _folder.Write("control.sock", "");
        File.SetLastWriteTimeUtc(_folder["1-table-blocksmtp.line"], DateTime.UtcNow.AddDays(-2));
        using var own = ChainLock.Take(_folder["3-table-blocksmtp.lock"]);

        ChainLock.Sweep(_folder["."]);

        // The line of what has run just now may be the one that has killed it: the next start looks.
        Directory.GetFiles(_folder["."]).Select(Path.GetFileName)
            .Should().BeEquivalentTo("2-table-blocksmtp.line", "3-table-blocksmtp.lock", "control.sock");
        ChainLock.Take(_folder["3-table-blocksmtp.lock"]).Should().BeNull("it is held");
    }

    [Test]
    public void While_others_sweep_a_lock_is_held_by_one_at_a_time_and_refused_to_nobody_for_it()
    {
        var path = _folder["1-table-blocksmtp.lock"];
        var (holders, most, taken, isOver) = (0, 0, 0, false);
        var sweepers = Enumerable.Range(0, 2).Select(_ => Run(() =>
        {
            while (!Volatile.Read(ref isOver))
                ChainLock.Sweep(_folder["."]);
        })).ToList();
        var takers = Enumerable.Range(0, 2).Select(_ => Run(() =>
        {
            for (var i = 0; i < 2000; i++)
            {
                using var held = ChainLock.Take(path);
                if (held is null)
                    continue;
                most = Math.Max(most, Interlocked.Increment(ref holders));
                Thread.Yield();
                Interlocked.Decrement(ref holders);
                Interlocked.Increment(ref taken);
            }
        })).ToList();

        takers.ForEach(taker => taker.Join());
        Volatile.Write(ref isOver, true);
        sweepers.ForEach(sweeper => sweeper.Join());

        most.Should().Be(1);
        taken.Should().BeGreaterThan(3900, "whoever sweeps is no daemon that has it");
    }

    private static Thread Run(ThreadStart body)
    {
        var thread = new Thread(body);
        thread.Start();
        return thread;
    }
}
