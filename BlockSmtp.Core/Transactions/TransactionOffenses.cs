using BlockSmtp.Addresses;
using BlockSmtp.Grammars;
using BlockSmtp.Judging;
using BlockSmtp.State;

namespace BlockSmtp.Transactions;

/// <summary>Has the offenses of transactions judged, once their host is known.</summary>
/// <param name="judgement">Judges them.</param>
/// <param name="names">Keeps the names of those that wait.</param>
/// <param name="doubtful">Counts the lines that may be the mail server's own.</param>
/// <param name="told">Knows what a milter has told meanwhile; null without one.</param>
/// <param name="uncommitted">Is told of what the store is to keep; null without one.</param>
internal sealed class TransactionOffenses(
    Judgement judgement, WaitingNames names, DoubtfulLines doubtful, ToldTwice? told, UncommittedState? uncommitted)
{
    /// <summary>How many of the doubtful lines were guesses.</summary>
    public long Offenses { get; private set; }

    /// <summary>How many were let pass.</summary>
    public long Ambiguous { get; private set; }

    /// <summary>An offense of a transaction.</summary>
    /// <param name="key">The transaction.</param>
    /// <param name="transaction">What is known of it: its host.</param>
    /// <param name="host">The same.</param>
    /// <param name="sender">Whose it was.</param>
    /// <param name="time">When it happened.</param>
    /// <param name="name">What was tried.</param>
    public static Offense Of(
        in TransactionKey key, in Transaction transaction, in HostKey host, SenderKind sender, DateTimeOffset time, in TriedName name) =>
        default(Offense) with
        {
            KnownPeer = (transaction.Peer!, host),
            Time = time,
            Kind = OffenseKind.UnknownRecipient,
            Sender = sender,
            Source = transaction.Source,
            Mailer = Mailer.Sendmail,
            Recipient = name.Text,
            RecipientKey = name.Key,
            RecipientOrder = name.Order,
            Transaction = key.Number,
        };

    /// <summary>Judges an offense, unless a milter has told it meanwhile.</summary>
    public void Judge(in TransactionKey key, in Offense offense)
    {
        if (told?.IsNewOfLog(TransactionKey.NumberOf(key.Id), offense.RecipientKey) != false)
            judgement.Consider(offense);
    }

    /// <summary>Judges all that has waited for its host.</summary>
    public void JudgeAll(in TransactionKey key, ref Transaction transaction, in HostKey host, SenderKind sender, DateTimeOffset now)
    {
        JudgeWaiting(key, ref transaction, host, sender, now);
        if (transaction.Doubts > 0)
            JudgeDoubtful(key, ref transaction, host, sender, now);
    }

    /// <summary>Judges what may be the mail server's own lines, as far as a host has made more of them than are let pass.</summary>
    public void JudgeDoubtful(
        in TransactionKey key, ref Transaction transaction, in HostKey host, SenderKind sender, DateTimeOffset time)
    {
        var known = transaction;
        transaction.Doubts = 0;
        for (var i = 0; i < known.Doubts; i++)
        {
            if (!doubtful.IsGuess(host, time))
            {
                Ambiguous++;
                continue;
            }

            Offenses++;
            judgement.Consider(Of(key, known, host, sender, time, default));
        }
    }

    /// <summary>Judges the offenses that have waited for their host: the first happened at one time, the others at another.</summary>
    private void JudgeWaiting(in TransactionKey key, ref Transaction transaction, in HostKey host, SenderKind sender, DateTimeOffset now)
    {
        var known = transaction;
        if (known.Waiting == 0)
            return;
        uncommitted?.Touch(key);
        (transaction.Waiting, transaction.Names) = (0, null);
        var tried = known.Names;
        var offense = Of(key, known, host, sender, TimeOf(known.FirstWaiting, now), tried is { Count: > 0 } ? tried[0] : default);
        Judge(key, offense);
        if (known.Waiting > 1)
            offense = offense with { Time = TimeOf(known.LastOffense, now) };
        for (var i = 1; i < known.Waiting; i++)
        {
            if (tried is not null)
            {
                var name = i < tried.Count ? tried[i] : default;
                offense = offense with { Recipient = name.Text, RecipientKey = name.Key, RecipientOrder = name.Order };
            }

            Judge(key, offense);
        }

        names.GiveBack(ref known.Names);
    }

    // Should the clock have been set back meanwhile: a time that is still to come would end blocks before theirs.
    private static DateTimeOffset TimeOf(long ticks, DateTimeOffset now) => new(Math.Min(ticks, now.UtcTicks), TimeSpan.Zero);
}
