using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Simulation;

/// <summary>
/// What the fuzzer begins with, and what it has found (eng/fuzz): hostile bytes that are read without a fault, in two ways alike.
/// </summary>
public sealed class FuzzCorporaTests
{
    private static readonly string Corpora = Path.Combine(Repository.Root, "bench", "BlockSmtp.Fuzzing", "corpus");

    [TestCaseSource(nameof(Names))]
    public void Each_of_a_corpus_is_read_without_a_fault(string name)
    {
        string[] files = [.. Directory.GetFiles(Path.Combine(Corpora, name)).Order(StringComparer.Ordinal)];

        var (exitCode, output, errors) = Command.Try(
            "dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "BlockSmtp.Fuzzing.dll"), name, .. files]);

        exitCode.Should().Be(0, "{0}{1}", output, errors);
        output.Should().Contain($"{files.Length} read, 0 failed");
    }

    private static IEnumerable<string> Names() =>
        Directory.GetDirectories(Corpora).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal);
}
