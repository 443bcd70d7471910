using System.Globalization;

namespace BlockSmtp.Benchmarks.Logs;

/// <summary>What Postfix 3.7 logs of mail and of guessers: a session is one of its transactions here.</summary>
internal sealed class PostfixTraffic(SeededRandom random, LogHost[] attackers, LogHost[] hosts)
{
    private static readonly string[] Names =
        [
            "anna", "bob", "carol", "dave", "emma", "frank", "gina", "henry", "irene", "jack", "karl", "laura", "mike", "nora", "oscar",
            "paul"
        ];

    private int _process = 1000;

    /// <summary>A session of a host that guesses: most guess, some only look in.</summary>
    public void Attack(Transaction transaction)
    {
        // A few attackers guess much, many guess little.
        var host = attackers[(int)(attackers.Length * Math.Pow(random.Next(), 2.2))];
        var (process, client) = (NextProcess(), host.PostfixName);
        transaction.Add($"postfix/smtpd[{process}]: connect from {client}");
        if (random.Chance(0.14))
        {
            transaction.Add($"postfix/smtpd[{process}]: lost connection after EHLO from {client}");
            transaction.Add($"postfix/smtpd[{process}]: disconnect from {client} ehlo=1 commands=1");
            return;
        }

        var guesses = 1 + (int)(random.Next() * random.Next() * 9);
        host.Offenses += guesses;
        for (var i = 0; i < guesses; i++)
            Refuse(transaction, process, client, $"{random.Pick(Names)}{random.Below(500)}");
        transaction.Add(
            $"postfix/smtpd[{process}]: disconnect from {client} ehlo=1 mail=1 rcpt=0/{guesses} quit=1 commands=3/{guesses + 3}");
    }

    /// <summary>Mail that comes in, and what else there is in the log.</summary>
    public void Mail(Transaction transaction)
    {
        var kind = random.Next();
        if (kind < 0.7)
            Incoming(transaction);
        else if (kind < 0.8)
            Relaying(transaction);
        else if (kind < 0.9)
            transaction.Add($"dovecot: imap-login: Login: user=<{random.Pick(Names)}>, method=PLAIN, "
                + $"rip={random.Pick(hosts).Address.ToString()}, lip=192.0.2.1, mpid={NextProcess()}, TLS, session=<{Hex()}>");
        else
            transaction.Add(
                $"postfix/anvil[{NextProcess()}]: statistics: max connection rate 1/60s for (smtp:192.0.2.7) at Nov  1 00:00:01");
    }

    private void Incoming(Transaction transaction)
    {
        var host = hosts[(int)(hosts.Length * Math.Pow(random.Next(), 1.5))];
        var (process, client, id, recipients, wrong) = (
            NextProcess(), host.PostfixName, Hex().ToUpperInvariant(), random.Chance(0.8) ? 1 : 1 + random.Below(4), 0);
        transaction.Add($"postfix/smtpd[{process}]: connect from {client}");
        if (host.TyposLeft > 0 && random.Chance(0.02))
        {
            host.TyposLeft--;
            host.Offenses++;
            wrong = 1;
            Refuse(transaction, process, client, $"{random.Pick(Names)}.{random.Pick(Names)}x");
        }

        transaction.Add($"postfix/smtpd[{process}]: {id}: client={client}");
        transaction.Add($"postfix/cleanup[{process + 1}]: {id}: message-id=<{Hex()}@example.net>");
        transaction.Add($"postfix/qmgr[900]: {id}: from=<{random.Pick(Names)}@example.net>, size={900 + random.Below(90_000)}, "
            + $"nrcpt={recipients} (queue active)");
        transaction.Add($"postfix/smtpd[{process}]: disconnect from {client} ehlo=2 starttls=1 mail=1 "
            + $"rcpt={recipients}/{recipients + wrong} data=1 quit=1 commands={recipients + 6}/{recipients + wrong + 6}");
        for (var i = 0; i < recipients; i++)
            transaction.Add($"postfix/local[{process + 2}]: {id}: to=<{random.Pick(Names)}@corp.example>, relay=local, "
                + $"delay=0.0{random.Below(9)}, delays=0.02/0.01/0/0.01, dsn=2.0.0, status=sent (delivered to mailbox)");
        transaction.Add($"postfix/qmgr[900]: {id}: removed");
    }

    private void Relaying(Transaction transaction)
    {
        var (process, client) = (NextProcess(), random.Pick(hosts).PostfixName);
        transaction.Add($"postfix/smtpd[{process}]: connect from {client}");
        transaction.Add($"postfix/smtpd[{process}]: NOQUEUE: reject: RCPT from {client}: 554 5.7.1 <{random.Pick(Names)}@example.com>: "
            + $"Relay access denied; from=<{random.Pick(Names)}@example.net> to=<{random.Pick(Names)}@example.com> "
            + $"proto=ESMTP helo=<mail.example.net>");
        transaction.Add($"postfix/smtpd[{process}]: disconnect from {client} ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4");
    }

    private void Refuse(Transaction transaction, int process, byte[] client, string name) =>
        transaction.Add($"postfix/smtpd[{process}]: NOQUEUE: reject: RCPT from {client}: 550 5.1.1 <{name}@corp.example>: "
            + $"Recipient address rejected: User unknown in local recipient table; "
            + $"from=<{random.Pick(Names)}@example.net> to=<{name}@corp.example> proto=ESMTP helo=<mail.example.net>");

    private int NextProcess() => _process = _process > 60_000 ? 1000 : _process + 3;

    private string Hex() => (random.NextBits() >> 16).ToString("x12", CultureInfo.InvariantCulture);
}
