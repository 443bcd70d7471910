using System.Globalization;

namespace BlockSmtp.Benchmarks.Logs;

/// <summary>What Exim 4.96 writes to its main log of mail and of guessers.</summary>
internal sealed class EximTraffic(SeededRandom random, LogHost[] attackers, LogHost[] hosts)
{
    private static readonly string[] Names =
        [
            "anna", "bob", "carol", "dave", "emma", "frank", "gina", "henry", "irene", "jack", "karl", "laura", "mike", "nora", "oscar",
            "paul"
        ];

    public static void QueueRun(Transaction transaction) => transaction.Add($"Start queue run: pid=4711");

    /// <summary>A session of a host that guesses: most guess, some fail at other things.</summary>
    public void Attack(Transaction transaction)
    {
        // A few attackers guess much, many guess little.
        var host = attackers[(int)(attackers.Length * Math.Pow(random.Next(), 2.2))];
        var client = host.EximName;
        if (random.Chance(0.14))
        {
            transaction.Add($"SMTP syntax error in \"\\026\\003\\001\" {client} NULL character(s) present (shown as '?')");
            return;
        }

        var guesses = 1 + (int)(random.Next() * random.Next() * 9);
        host.Offenses += guesses;
        for (var i = 0; i < guesses; i++)
            Refuse(transaction, client, $"{random.Pick(Names)}{random.Below(500)}");
        transaction.Add($"unexpected disconnection while reading SMTP command from {host.PostfixName} D=1.04s");
        if (random.Chance(0.5))
            transaction.Add($"no host name found for IP address {host.Address.ToString()}");
    }

    /// <summary>Mail that comes in, and what else there is in the log.</summary>
    public void Mail(Transaction transaction)
    {
        var kind = random.Next();
        if (kind < 0.8)
            Incoming(transaction);
        else if (kind < 0.9)
            transaction.Add($"{random.Pick(hosts).EximName} F=<{random.Pick(Names)}@example.net> rejected RCPT "
                + $"<{random.Pick(Names)}@example.com>: relay not permitted");
        else
            transaction.Add($"no host name found for IP address {random.Pick(hosts).Address.ToString()}");
    }

    private void Incoming(Transaction transaction)
    {
        var host = hosts[(int)(hosts.Length * Math.Pow(random.Next(), 1.5))];
        if (host.TyposLeft > 0 && random.Chance(0.02))
        {
            host.TyposLeft--;
            host.Offenses++;
            Refuse(transaction, host.EximName, $"{random.Pick(Names)}.{random.Pick(Names)}x");
        }

        var id = $"1{Hex()[..5]}-{Hex()[..6]}-{Hex()[..2]}";
        transaction.Add($"{id} <= {random.Pick(Names)}@example.net {host.EximName} P=esmtps "
            + $"X=TLS1.3:ECDHE_X25519__RSA_PSS_RSAE_SHA256__AES_256_GCM:256 CV=no S={900 + random.Below(90_000)} id={Hex()}@example.net");
        for (var recipients = random.Chance(0.8) ? 1 : 1 + random.Below(4); recipients > 0; recipients--)
        {
            var name = random.Pick(Names);
            transaction.Add($"{id} => {name} <{name}@corp.example> R=local_user T=mail_spool");
        }

        transaction.Add($"{id} Completed");
    }

    private void Refuse(Transaction transaction, byte[] client, string name) =>
        transaction.Add($"{client} F=<{random.Pick(Names)}@example.net> rejected RCPT <{name}@corp.example>: Unrouteable address");

    private string Hex() => (random.NextBits() >> 16).ToString("x12", CultureInfo.InvariantCulture);
}
