namespace BlockSmtp.Milter;

/// <summary>
/// Is asked by a mail server before it answers its client; one for each SMTP session. Implement the members of interest: the others let
/// everything pass.
/// </summary>
/// <remarks>
/// The calls of one session come one at a time and in order; those of different sessions come at once. The client waits meanwhile. What
/// is handed over as memory is valid until the call has ended. What a member throws is logged, and the mail server goes on as if it had
/// said <see cref="MilterReply.Continue"/>.
/// </remarks>
public interface IMilter
{
    /// <summary>A client has connected.</summary>
    /// <param name="session">The session; <see cref="MilterSession.Client"/> is known from now on.</param>
    /// <param name="cancellationToken">The server stops.</param>
    /// <returns>What the mail server is to do; <see cref="MilterReply.Accept"/> means that nothing more of the session is asked.</returns>
    ValueTask<MilterReply> ConnectAsync(MilterSession session, CancellationToken cancellationToken) => new(MilterReply.Continue);

    /// <summary>The client has named itself (HELO, EHLO); after STARTTLS once more.</summary>
    /// <param name="session">The session.</param>
    /// <param name="name">The name, as the client gave it.</param>
    /// <param name="cancellationToken">The server stops.</param>
    /// <returns>What the mail server is to do.</returns>
    ValueTask<MilterReply> HeloAsync(MilterSession session, ReadOnlyMemory<byte> name, CancellationToken cancellationToken) =>
        new(MilterReply.Continue);

    /// <summary>A transaction begins (MAIL FROM).</summary>
    /// <param name="session">The session.</param>
    /// <param name="sender">The sender, as the client gave it, usually in angle brackets.</param>
    /// <param name="cancellationToken">The server stops.</param>
    /// <returns>What the mail server is to do.</returns>
    ValueTask<MilterReply> MailAsync(MilterSession session, ReadOnlyMemory<byte> sender, CancellationToken cancellationToken) =>
        new(MilterReply.Continue);

    /// <summary>
    /// A recipient (RCPT TO). With <see cref="MilterSteps.RejectedRecipients"/> also one that the mail server has refused itself; its
    /// macro <c>{rcpt_mailer}</c> is <c>error</c> then, and the client gets the mail server's own answer whatever is returned.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="recipient">The recipient, as the client gave it, usually in angle brackets.</param>
    /// <param name="cancellationToken">The server stops.</param>
    /// <returns>What the mail server is to do with this recipient; a 421 ends the session.</returns>
    ValueTask<MilterReply> RecipientAsync(MilterSession session, ReadOnlyMemory<byte> recipient, CancellationToken cancellationToken) =>
        new(MilterReply.Continue);

    /// <summary>A command that the mail server does not know.</summary>
    /// <param name="session">The session.</param>
    /// <param name="command">The whole line.</param>
    /// <param name="cancellationToken">The server stops.</param>
    /// <returns>What the mail server is to do.</returns>
    ValueTask<MilterReply> UnknownAsync(MilterSession session, ReadOnlyMemory<byte> command, CancellationToken cancellationToken) =>
        new(MilterReply.Continue);

    /// <summary>A message is there and is about to be taken. The transaction is over with it.</summary>
    /// <param name="session">The session.</param>
    /// <param name="cancellationToken">The server stops.</param>
    /// <returns>What the mail server is to do with the message.</returns>
    ValueTask<MilterReply> EndOfMessageAsync(MilterSession session, CancellationToken cancellationToken) => new(MilterReply.Continue);

    /// <summary>A transaction is over without a message (RSET, or the session went on to another).</summary>
    /// <param name="session">The session.</param>
    /// <param name="cancellationToken">The server stops.</param>
    /// <returns>A task that ends when it is taken note of.</returns>
    ValueTask AbortAsync(MilterSession session, CancellationToken cancellationToken) => default;

    /// <summary>The session is over, however it ended. Called once, also when the server stops.</summary>
    /// <param name="session">The session.</param>
    /// <returns>A task that ends when it is taken note of.</returns>
    ValueTask CloseAsync(MilterSession session) => default;
}
