using System.Globalization;
using System.Net;
using BlockSmtp.Sqlite;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>
/// A machine with a firewall and a mail log, but without a sendmail: the test writes what sendmail would. For what happens to
/// the daemon hundreds of times.
/// </summary>
internal sealed class LoneServer : IDisposable
{
    private readonly NetworkNamespace _network = new();
    private readonly TemporaryFolder _folder = new();
    private int _names;

    public LoneServer() => File.WriteAllText(Log, "");

    public string Log => _folder["mail.log"];

    public string StateDirectory => _folder["state"];

    public string Folder => _folder["."];

    public string[] Prefix => _network.Prefix;

    public SqliteBlockHistory History => new(StateDirectory);

    /// <summary>The number of the transaction that was begun last.</summary>
    public int Transaction { get; private set; }

    /// <summary>Writes guesses of a host, and the line that names it.</summary>
    public void Guess(string host, int count) => File.AppendAllText(Log, Begin(count) + EndOf(host, Transaction));

    /// <summary>So many guesses in a new transaction, whose host is not said yet.</summary>
    public string Begin(int count)
    {
        Transaction++;
        return string.Concat(Enumerable.Range(0, count).Select(_ => Line(Transaction, $"<name{_names++}@example.org>... User unknown")));
    }

    /// <summary>The end of a transaction, which names the host.</summary>
    public static string EndOf(string host, int transaction) =>
        Line(transaction, $"from=<a@b.example>, size=0, class=0, nrcpts=0, proto=ESMTP, daemon=MTA-v4, relay=[{host}]");

    /// <summary>Who is blocked in the kernel.</summary>
    public HashSet<string> Blocked(string firewall)
    {
        var listing = firewall switch
        {
            "nftables" => Run("nft", "list", "set", "inet", "blocksmtp", "hosts4"),
            "ipset" => Run("ipset", "save"),
            _ => Run("iptables", "-w", "-S", BlockSmtpDaemon.Chain),
        };
        var words = listing.Split([' ', '\n', '\t', ','], StringSplitOptions.RemoveEmptyEntries).Select(word =>
            word.Replace("/32", "", StringComparison.Ordinal));
        return [.. words.Where(word => word.Count(letter => letter == '.') == 3 && IPAddress.TryParse(word, out _))];
    }

    public string Run(string file, params string[] arguments) => Command.Try("ip", [.. Prefix[1..], file, .. arguments]).Output;

    /// <summary>As logrotate(8) does it.</summary>
    public void Rotate()
    {
        for (var number = 8; number > 0; number--)
        {
            if (File.Exists($"{Log}.{number}"))
                File.Move($"{Log}.{number}", $"{Log}.{number + 1}", overwrite: true);
        }

        File.Move(Log, Log + ".1");
        File.WriteAllText(Log, "");
    }

    public void Dispose()
    {
        _network.Dispose();
        _folder.Dispose();
    }

    private static string Line(int transaction, string text)
    {
        // A process number that no process has.
        var (stamp, process) = (DateTime.Now.ToString("MMM dd HH:mm:ss", CultureInfo.InvariantCulture), 5_000_000 + transaction);
        return string.Create(CultureInfo.InvariantCulture, $"{stamp} mail1 sm-mta[{process}]: 6ANHntrU{process}: {text}\n");
    }
}
