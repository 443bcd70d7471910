using BlockSmtp.Cli.Options;
using BlockSmtp.Scoring;

namespace BlockSmtp.Cli.Commands;

/// <summary>Reads the files that decisions are held against.</summary>
internal static class TruthFiles
{
    private const string Wire = "wire.tsv";

    public static Truth Truth(string path) => Read("truth", path, Scoring.Truth.Read);

    public static Truth Labels(string path) => Read("labels", path, Scoring.Truth.ReadLabels);

    public static IReadOnlyList<BlockSpan> Bans(string path) => Read("bans", path, TruthLines.ReadBans);

    /// <summary>What the mail server was asked, as it lies beside the truth; null where it does not.</summary>
    public static IReadOnlyList<ScoredTransaction>? Transactions(string truth)
    {
        var path = Path.Combine(Path.GetDirectoryName(truth) ?? "", Wire);
        return File.Exists(path) ? Read("truth", path, TruthLines.ReadTransactions) : null;
    }

    private static T Read<T>(string option, string file, Func<TextReader, T> read)
    {
        var path = OptionValue.Path(option, file)!;
        try
        {
            using var text = new StreamReader(path);
            return read(text);
        }
        catch (TruthFileException e)
        {
            throw new CommandException(ExitCode.Config, $"{path}:{e.Line}: {Printable.Show(e.Message)}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Of(option, ExitCode.NoInput, FileFailure.Describe(path, e));
        }
    }
}
