using System.Buffers.Text;
using System.Net;
using BlockSmtp.Sendmail;

namespace BlockSmtp.Milter;

/// <summary>One SMTP session at the gate.</summary>
internal sealed class GateSession(MailGate gate) : IMilter
{
    private const int MostPlaces = 128;

    private ulong _transaction;
    private bool _isNamedLate;
    private SenderKind _sender;
    private int _recipients;
    private int _refused;
    private int _hidden;
    private bool _hasOffended;

    // Who was accepted, a bit each: takes no memory, and two that share one are one too few.
    private UInt128 _accepted;

    public ValueTask<MilterReply> ConnectAsync(MilterSession session, CancellationToken cancellationToken)
    {
        // A program of the machine's own has no address, and nothing to guess.
        if (session.Client is not { } client)
            return new(MilterReply.Accept);
        return new(gate.Refuses(client) ? gate.TurnAway(client) : MilterReply.Continue);
    }

    public ValueTask<MilterReply> MailAsync(MilterSession session, ReadOnlyMemory<byte> sender, CancellationToken cancellationToken)
    {
        if (session.Client is not { } client)
            return new(MilterReply.Accept);
        // After STARTTLS there is no word of the end of what was before.
        End(session, isTaken: false);
        _transaction = ReportedFacts.TransactionOf(session.Macro("i"u8));
        // Postfix gives a transaction its queue id with the first recipient that it accepts, and its log tells a refusal by the host.
        _isNamedLate = _transaction == 0;
        if (_isNamedLate)
            _transaction = gate.NewTransaction();
        _sender = sender.Span.SequenceEqual("<>"u8) ? SenderKind.Null : SenderKind.Named;
        return new(gate.Refuses(client) ? gate.TurnAway(client) : MilterReply.Continue);
    }

    public ValueTask<MilterReply> RecipientAsync(MilterSession session, ReadOnlyMemory<byte> recipient, CancellationToken cancellationToken)
    {
        if (session.Client is not { } client)
            return new(MilterReply.Accept);
        var refusal = Refusal.Of(session);
        if (refusal.IsUnknownName)
        {
            _hasOffended = true;
            gate.Report(new Offense(client, gate.Now, OffenseKind.UnknownRecipient)
            {
                Source = PeerSource.Milter,
                Transaction = _transaction,
                IsLoggedByHost = _isNamedLate,
                Sender = _sender,
                AcceptedBefore = Places,
            }.WithRecipient(recipient.Span));
        }

        if (refusal.IsOne)
            _refused++;
        if (gate.Refuses(client))
            return gate.RefuseAsync(client, recipient.Span, refusal, isPostfix: _isNamedLate, cancellationToken);
        if (HasHiddenMore(session))
            return AwaitLogAsync(client, recipient, refusal, cancellationToken);
        return new(Pass(recipient.Span, refusal));
    }

    /// <summary>
    /// Whether there were refusals since the last recipient that were not shown (sendmail's <c>{nbadrcpts}</c> counts all).
    /// </summary>
    private bool HasHiddenMore(MilterSession session)
    {
        if (!Utf8Parser.TryParse(session.Macro("{nbadrcpts}"u8), out int bad, out _) || bad - _refused <= _hidden)
            return false;
        _hidden = bad - _refused;
        return true;
    }

    private async ValueTask<MilterReply> AwaitLogAsync(
        IPAddress client, ReadOnlyMemory<byte> recipient, Refusal refusal, CancellationToken cancellationToken) =>
        await gate.LogRefusesAsync(client, cancellationToken).ConfigureAwait(false)
            ? await gate.RefuseAsync(client, recipient.Span, refusal, isPostfix: false, cancellationToken).ConfigureAwait(false)
            : Pass(recipient.Span, refusal);

    private MilterReply Pass(ReadOnlySpan<byte> recipient, Refusal refusal)
    {
        if (refusal.IsOne)
            return MilterReply.Continue;
        _recipients++;
        if (ReportedFacts.AcceptedKeyOf(recipient) is var key and not 0)
            _accepted |= UInt128.One << PlaceOf(key);
        return MilterReply.Continue;
    }

    /// <summary>The bit of a recipient: names that are alike, as those of a list are, have keys that are alike.</summary>
    private static int PlaceOf(ulong key)
    {
        var mixed = (key ^ (key >> 32)) * 0x9E37_79B9_7F4A_7C15;
        return (int)(((mixed ^ (mixed >> 29)) >> 32) % MostPlaces);
    }

    public ValueTask<MilterReply> EndOfMessageAsync(MilterSession session, CancellationToken cancellationToken)
    {
        if (session.Client is { } client && _recipients > 0)
        {
            gate.Report(new Acceptance(client, gate.Now, _recipients)
            {
                Source = PeerSource.Milter,
                Transaction = ReportedFacts.TransactionOf(session.Macro("i"u8)),
                Sender = _sender,
            });
        }

        End(session, isTaken: _recipients > 0);
        return new(MilterReply.Continue);
    }

    public ValueTask AbortAsync(MilterSession session, CancellationToken cancellationToken)
    {
        End(session, isTaken: false);
        return default;
    }

    public ValueTask CloseAsync(MilterSession session)
    {
        End(session, isTaken: false);
        return default;
    }

    private int Places => (int)UInt128.PopCount(_accepted);

    /// <summary>
    /// How many different recipients were accepted, whatever each was called: by how many bits they share ("linear counting", Whang 1990).
    /// </summary>
    private int Different => _recipients == 0 || Places == MostPlaces
        ? _recipients
        : Math.Clamp((int)Math.Round(-MostPlaces * Math.Log(1 - (Places / (double)MostPlaces))), 1, _recipients);

    /// <summary>A transaction is over, if there is one.</summary>
    private void End(MilterSession session, bool isTaken)
    {
        if (_hasOffended && session.Client is { } client)
        {
            gate.Report(new TransactionEnd(client, gate.Now, _transaction)
            {
                Sender = _sender,
                Recipients = Different,
                IsTaken = isTaken,
            });
        }

        (_transaction, _isNamedLate, _sender, _hasOffended) = (0, false, SenderKind.Unknown, false);
        (_recipients, _refused, _hidden, _accepted) = (0, 0, 0, 0);
    }
}
