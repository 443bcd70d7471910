using BlockSmtp.Cli.Options;

namespace BlockSmtp.Cli.Output;

/// <summary>What old logs come to under one setting.</summary>
/// <param name="Policy">The setting.</param>
/// <param name="Blocked">How many hosts would have been blocked.</param>
/// <param name="Senders">How many of them have delivered mail.</param>
/// <param name="Recipients">To how many recipients mail was delivered, of whatever host.</param>
/// <param name="HeldUp">How many of them would have met a block.</param>
/// <param name="Answered">How many wrong guesses would have been answered.</param>
/// <param name="Offenses">How many there are.</param>
internal sealed record TuneRow(PolicyChoice Policy, int Blocked, int Senders, long Recipients, long HeldUp, long Answered, long Offenses)
{
    /// <summary>How many of 10,000 recipients would have met a block.</summary>
    public double Harm => 10_000 * Share(HeldUp, Recipients);

    /// <summary>
    /// What it costs: the share of guesses that are answered, of the blocked the share that has delivered mail, and ten times the
    /// share of mail that is held up.
    /// </summary>
    public double Cost => Share(Answered, Offenses) + Share(Senders, Blocked) + (10 * Share(HeldUp, Recipients));

    private static double Share(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
