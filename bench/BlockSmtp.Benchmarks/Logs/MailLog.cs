using System.Globalization;
using System.Text;

namespace BlockSmtp.Benchmarks.Logs;

/// <summary>
/// Makes a mail log as sendmail 8.17 or Postfix 3.7 writes it through a traditional syslog, or Exim 4.96 by itself, and the truth about
/// it: what <see cref="Mail"/> and <see cref="Attack"/>, <see cref="PostfixTraffic"/> or <see cref="EximTraffic"/> describe, interleaved.
/// </summary>
internal sealed class MailLog
{
    // Transactions have at most some 30 lines: so many are left for ones of a single line, to end with none unfinished.
    private const int Padding = 64;

    private readonly MailLogOptions _options;
    private readonly SeededRandom _random;
    private readonly QueueIds _ids;
    private readonly Action<Transaction> _attack;
    private readonly Action<Transaction> _mail;
    private readonly Action<Transaction> _filler;
    private readonly byte[] _prefix = new byte[32];
    private int _prefixLength;
    private long _planned;
    private long _attackLines;

    public MailLog(MailLogOptions options)
    {
        _options = options;
        _random = new SeededRandom(options.Seed);
        Attackers = LogHost.Make(_random, options.Attackers, attackers: true);
        LegitHosts = LogHost.Make(_random, options.LegitHosts, attackers: false);
        _ids = new QueueIds(_random);
        var (postfix, exim) = (new PostfixTraffic(_random, Attackers, LegitHosts), new EximTraffic(_random, Attackers, LegitHosts));
        (Action<Transaction>, Action<Transaction>, Action<Transaction>) traffic = options.Mailer switch
        {
            Mailer.Postfix => (postfix.Attack, postfix.Mail, Mail.Cron),
            Mailer.Exim => (exim.Attack, exim.Mail, EximTraffic.QueueRun),
            _ => (new Attack(_random, _ids, Attackers, LegitHosts).Write, new Mail(_random, _ids, LegitHosts).Write, Mail.Cron),
        };
        (_attack, _mail, _filler) = traffic;
    }

    public LogHost[] Attackers { get; }

    public LogHost[] LegitHosts { get; }

    /// <summary>Writes the whole log.</summary>
    public Truth Write(Stream output)
    {
        var buffer = new byte[1 << 20];
        var (used, written, bytes, second) = (0, 0L, 0L, -1L);
        var open = new List<Transaction>();
        Tick(0);
        for (var i = 0; i < _options.Concurrency; i++)
        {
            var transaction = new Transaction();
            if (Plan(transaction))
                open.Add(transaction);
        }

        while (open.Count > 0)
        {
            var now = (long)(_options.Span.TotalSeconds * written / _options.Lines);
            if (now != second)
                Tick(second = now);
            var index = _random.Below(open.Count);
            var transaction = open[index];
            var line = transaction.Take();
            if (used + _prefixLength + line.Length + 1 > buffer.Length)
            {
                output.Write(buffer, 0, used);
                bytes += used;
                used = 0;
            }

            _prefix.AsSpan(0, _prefixLength).CopyTo(buffer.AsSpan(used));
            line.CopyTo(buffer.AsSpan(used += _prefixLength));
            buffer[used += line.Length] = (byte)'\n';
            used++;
            written++;
            if (transaction.IsEmpty && !Plan(transaction))
                open.RemoveAt(index);
        }

        output.Write(buffer, 0, used);
        return new Truth
        {
            Lines = written,
            Bytes = bytes + used,
            AttackLines = _attackLines,
            Hosts = Attackers.Concat(LegitHosts)
                .Where(host => host.Offenses > 0)
                .ToDictionary(host => host.Address.ToString(), host => host.Offenses),
        };
    }

    /// <summary>Chooses the next transaction; false when there is to be no more.</summary>
    private bool Plan(Transaction transaction)
    {
        transaction.Clear();
        var left = _options.Lines - _planned;
        if (left <= 0)
            return false;
        if (left < Padding)
        {
            _filler(transaction);
        }
        else if (_attackLines < _options.AttackShare * (_planned + 1))
        {
            _attack(transaction);
            _attackLines += transaction.Lines;
        }
        else
        {
            _mail(transaction);
        }

        _planned += transaction.Lines;
        return true;
    }

    private void Tick(long second)
    {
        var now = _options.Start.AddSeconds(second);
        _ids.Tick(now);
        if (_options.Mailer == Mailer.Exim)
        {
            _prefixLength = Encoding.ASCII.GetBytes(now.ToString("yyyy-MM-dd HH:mm:ss ", CultureInfo.InvariantCulture), _prefix);
            return;
        }

        var day = now.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2);
        _prefixLength = Encoding.ASCII.GetBytes(now.ToString($"MMM '{day}' HH:mm:ss 'mail1 '", CultureInfo.InvariantCulture), _prefix);
    }
}
