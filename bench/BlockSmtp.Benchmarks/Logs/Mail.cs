using System.Globalization;

namespace BlockSmtp.Benchmarks.Logs;

/// <summary>
/// What else a mail server logs: mail in and out, other programs, and what looks like a wrong guess and is none. The
/// hosts in it mistype a recipient at most three times in the whole log.
/// </summary>
internal sealed class Mail(SeededRandom random, QueueIds ids, LogHost[] hosts)
{
    private static readonly string[] Names =
    [
        "anna", "bob", "carol", "dave", "emma", "frank", "gina", "henry", "irene", "jack", "karl", "laura", "mike",
        "nora", "oscar", "paul", "quinn", "rosa", "sam", "tina", "uwe", "vera", "will", "xenia", "yuri", "zoe",
    ];

    private static readonly string[] Domains = ["example.org", "example.net", "example.com", "mail.example.org", "lists.example.net"];

    private static readonly string[] Ciphers =
    [
        "version=TLSv1.3, verify=NO, cipher=TLS_AES_256_GCM_SHA384, bits=256/256",
        "version=TLSv1.2, verify=NO, cipher=ECDHE-RSA-AES256-GCM-SHA384, bits=256/256",
        "version=TLSv1.3, verify=OK, cipher=TLS_AES_128_GCM_SHA256, bits=128/128",
    ];

    public static void Cron(Transaction transaction) => transaction.Add($"CRON[4711]: (root) CMD (run-parts --report cron.hourly)");

    public void Write(Transaction transaction)
    {
        var kind = random.Next();
        if (kind < 0.60)
            Incoming(transaction);
        else if (kind < 0.75)
            Outgoing(transaction);
        else
            Other(transaction);
    }

    private void Incoming(Transaction transaction)
    {
        var host = hosts[(int)(hosts.Length * Math.Pow(random.Next(), 1.5))];
        var (id, relay, size, tls) = (ids.Next(), host.Relay, Size(), random.Chance(0.75));
        var (name, domain, protocol) = (random.Pick(Names), random.Pick(Domains), tls ? "ESMTPS" : "ESMTP");
        if (tls)
            transaction.Add($"sm-mta[{ids.ProcessId}]: STARTTLS=server, relay={relay}, {random.Pick(Ciphers)}");
        if (host.TyposLeft > 0 && random.Chance(0.02))
        {
            host.TyposLeft--;
            host.Offenses++;
            transaction.Add($"{id}<{random.Pick(Names)}.{random.Pick(Names)}x@corp.example>... User unknown");
            if (random.Chance(0.25))
            {
                transaction.Add($"{id}from=<{name}@{domain}>, size=0, class=0, nrcpts=0, proto=ESMTP, daemon=MTA-v4, relay={relay}");
                return;
            }
        }

        var recipients = random.Chance(0.8) ? 1 : 1 + random.Below(4);
        transaction.Add($"{id}from=<{name}.{random.Pick(Names)}@{domain}>, size={size}, class=0, nrcpts={recipients}, "
            + $"msgid=<{Hex()}.{ids.ProcessId}@{domain}>, proto={protocol}, daemon=MTA-v4, relay={relay}");
        for (var i = 0; i < recipients; i++)
            transaction.Add($"{id}to=<{random.Pick(Names)}@corp.example>, delay=00:00:0{random.Below(9)}, xdelay=00:00:00, mailer=local, "
                + $"pri={(30_000 * recipients) + size}, dsn=2.0.0, stat=Sent");
    }

    private void Outgoing(Transaction transaction)
    {
        var (id, size, name, domain, kind) = (ids.Next(), Size(), random.Pick(Names), random.Pick(Domains), random.Next());
        transaction.Add($"{id}from=<{name}@corp.example>, size={size}, class=0, nrcpts=1, msgid=<{Hex()}@corp.example>, proto=ESMTP, "
            + $"daemon=MSA, relay=localhost [127.0.0.1]");
        transaction.Add($"sm-mta[{ids.ProcessId}]: STARTTLS=client, relay=mx.{domain}., {random.Pick(Ciphers)}");
        var outcome = kind < 0.93 ? "dsn=2.0.0, stat=Sent (ok: queued as 4F2A)"
            : kind < 0.97 ? "dsn=4.0.0, stat=Deferred: Connection timed out."
            : kind < 0.99 ? "dsn=5.1.1, stat=User unknown"
            : "dsn=5.1.1, reply=550 5.1.1 <gone@example.net>... User unknown, stat=User unknown";
        transaction.Add($"{id}to=<{random.Pick(Names)}@{domain}>, ctladdr=<{name}@corp.example> (1001/100), "
            + $"delay=00:00:0{random.Below(9)}, xdelay=00:00:01, mailer=esmtp, pri={30_000 + size}, relay=mx.{domain}. "
            + $"[192.0.2.{1 + random.Below(250)}], {outcome}");
        // The other server refused our mail, and we tell the sender: the offense of nobody.
        if (kind >= 0.97)
            transaction.Add($"{id}{ids.Id}: DSN: User unknown");
    }

    private void Other(Transaction transaction)
    {
        var (host, number, name, kind) = (random.Pick(hosts), 1000 + random.Below(90_000), random.Pick(Names), random.Next());
        if (kind < 0.45)
        {
            transaction.Add($"dovecot: imap-login: Login: user=<{name}>, method=PLAIN, rip={host.Address.ToString()}, lip=192.0.2.1, "
                + $"mpid={number}, TLS, session=<{Hex()}>");
            transaction.Add($"dovecot: imap({name})<{number}><{Hex()}>: Logged out in={random.Below(9000)} out={number} deleted=0 "
                + $"expunged=0 trashed=0 hdr_count=0 hdr_bytes=0 body_count=0 body_bytes=0");
        }
        else if (kind < 0.60)
        {
            transaction.Add(
                $"sshd[{number}]: Accepted publickey for {name} from {host.Address.ToString()} port {number} ssh2: ED25519 SHA256:{Hex()}");
            transaction.Add($"sshd[{number}]: pam_unix(sshd:session): session opened for user {name}(uid=1000) by (uid=0)");
        }
        else if (kind < 0.75)
        {
            transaction.Add($"CRON[{number}]: (smmsp) CMD (test -x sendmail && sendmail cron-msp)");
        }
        else if (kind < 0.85)
        {
            transaction.Add($"kernel: [{number}.{random.Below(1_000_000)}] eth0: renamed from veth{Hex()}");
        }
        else if (kind < 0.93)
        {
            transaction.Add($"{ids.Next()}ruleset=check_rcpt, arg1=<{name}@example.net>, relay={host.Relay}, "
                + $"reject=550 5.7.1 <{name}@example.net>... Relaying denied. Proper authentication required.");
        }
        else
        {
            transaction.Add($"{ids.Next()}{host.Relay} did not issue MAIL/EXPN/VRFY/ETRN during connection to MTA-v4");
        }
    }

    private int Size() => 900 + (int)(random.Next() * random.Next() * 90_000);

    private string Hex() => (random.NextBits() >> 16).ToString("x12", CultureInfo.InvariantCulture);
}
