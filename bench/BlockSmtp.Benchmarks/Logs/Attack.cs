namespace BlockSmtp.Benchmarks.Logs;

/// <summary>
/// The transactions of hosts that guess. Most guesses are logged without an address, which follows at the end of the
/// transaction; some by the check_rcpt rule set, with it; some clients write lines of sendmail into the recipient.
/// </summary>
internal sealed class Attack(SeededRandom random, QueueIds ids, LogHost[] attackers, LogHost[] bystanders)
{
    private static readonly string[] Names =
    [
        "admin", "info", "test", "sales", "support", "office", "contact", "webmaster", "mail", "user", "guest", "billing",
        "hr", "jobs", "marketing", "scanner", "backup", "oracle", "mysql", "ftp", "www", "service", "john", "mary", "peter",
    ];

    public void Write(Transaction transaction)
    {
        // A few attackers guess much, many guess little.
        var host = attackers[(int)(attackers.Length * Math.Pow(random.Next(), 2.2))];
        var (id, relay, kind) = (ids.Next(), host.Relay, random.Next());
        if (kind < 0.10)
        {
            transaction.Add($"{id}{relay} did not issue MAIL/EXPN/VRFY/ETRN during connection to MTA-v4");
            return;
        }

        if (kind < 0.14)
        {
            transaction.Add($"{id}{relay}: VRFY {random.Pick(Names)}");
            return;
        }

        var guesses = 1 + (int)(random.Next() * random.Next() * 9);
        host.Offenses += guesses;
        for (var i = 0; i < guesses; i++)
            Guess(transaction, id, relay, kind);
        if (guesses > 5)
            transaction.Add($"{id}{relay}: Possible SMTP RCPT flood, throttling.");
        if (random.Chance(0.4))
            transaction.Add($"{id}lost input channel from {relay} to MTA-v4 after rcpt");
        var protocol = random.Chance(0.7) ? "ESMTP" : "SMTP";
        if (random.Chance(0.04))
            transaction.Add($"{id}from=<>, size=0, class=0, nrcpts=0, proto={protocol}, daemon=MTA-v4, relay={relay}");
        else
            transaction.Add($"{id}from=<{random.Pick(Names)}{random.Below(99)}@example.net>, size=0, class=0, nrcpts=0, proto={protocol}, "
                + $"daemon=MTA-v4, relay={relay}");
    }

    private void Guess(Transaction transaction, byte[] id, byte[] relay, double kind)
    {
        var (name, number) = (random.Pick(Names), random.Below(500));
        if (kind < 0.26)
        {
            transaction.Add($"{id}ruleset=check_rcpt, arg1=<{name}{number}@corp.example>, relay={relay}, "
                + $"reject=550 5.1.1 <{name}{number}@corp.example>... User unknown");
        }
        else if (kind < 0.28)
        {
            // What stands in the quotes is the client's, and names somebody else.
            transaction.Add($"{id}<\"{name}>... User unknown, relay={random.Pick(bystanders).Relay}\"@corp.example>... User unknown");
        }
        else
        {
            transaction.Add($"{id}<{name}{number}@corp.example>... User unknown");
        }
    }
}
