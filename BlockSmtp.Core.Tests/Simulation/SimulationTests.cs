using System.Globalization;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Simulation;

/// <summary>
/// The engine in a simulated world (bench/BlockSmtp.Simulation) that a seed decides, and in which anything fails at any await.
/// </summary>
public sealed class SimulationTests
{
    private const string OneSeed = "BLOCKSMTP_SIMULATION_SEED";
    private const int Seeds = 10_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    /// <summary>
    /// What failed is replayed by <c>BLOCKSMTP_SIMULATION_SEED=N</c>, or with all that happens by <c>bench/simulate</c>, as it prints.
    /// </summary>
    [Test]
    public async Task Whatever_fails_whenever_what_must_hold_holds()
    {
        if (Environment.GetEnvironmentVariable(OneSeed) is { Length: > 0 } seed)
        {
            Simulate(int.Parse(seed, CultureInfo.InvariantCulture), 1, "--trace").ExitCode.Should().Be(0);
            return;
        }

        var share = Seeds / Environment.ProcessorCount;
        var runs = Enumerable.Range(0, Environment.ProcessorCount).Select(job => Task.Run(() => Simulate(1 + (job * share), share)));
        foreach (var (exitCode, output, errors) in await Task.WhenAll(runs))
        {
            exitCode.Should().Be(0, "no seed may fail, but:\n{0}{1}\n({2}=N runs seed N alone)", output, errors, OneSeed);
            output.Should().Contain($"{share} seeds, 0 failed");
        }
    }

    [Test]
    public void The_same_seed_tells_the_same_story()
    {
        var first = Simulate(1, 100);
        var second = Simulate(1, 100);
        var other = Simulate(101, 100);

        first.Output.Should().MatchRegex("hash [0-9a-f]{16}");
        second.Output.Should().Be(first.Output);
        other.Output.Should().NotBe(first.Output);
    }

    private static (int ExitCode, string Output, string Errors) Simulate(int firstSeed, int seeds, params string[] more)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "BlockSmtp.Simulation.dll");
        return Command.Try(
            Patience, "dotnet", [
                "exec",
                program,
                FormattableString.Invariant($"--first-seed={firstSeed}"),
                FormattableString.Invariant($"--seeds={seeds}"),
                .. more]);
    }
}
