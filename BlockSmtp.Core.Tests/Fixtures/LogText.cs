using System.Text;

namespace BlockSmtp.Tests.Fixtures;

/// <summary>Writes a small log in sendmail's words.</summary>
internal sealed class LogText
{
    public const string DefaultId = "6ANHntrU";

    private readonly StringBuilder _text = new();
    private string _day = "Nov 23";
    private string _time = "18:00:03";
    private string _host = "mail1";

    public LogText At(string time)
    {
        _time = time;
        return this;
    }

    public LogText Day(string day)
    {
        _day = day;
        return this;
    }

    public LogText On(string host)
    {
        _host = host;
        return this;
    }

    /// <summary>So many unknown recipients in one transaction.</summary>
    public LogText Unknown(int pid, int count, string id = DefaultId)
    {
        for (var i = 0; i < count; i++)
            Line(pid, $"<name{i}@example.org>... User unknown", id);
        return this;
    }

    /// <summary>The end of a transaction.</summary>
    public LogText End(int pid, string address, string id = DefaultId) =>
        Line(pid, $"from=<a@b.example>, size=0, class=0, nrcpts=0, proto=ESMTP, daemon=MTA-v4, relay=[{address}]", id);

    public LogText Line(int pid, string text, string id = DefaultId) => Raw(pid, $"{id}{pid:000000}: {text}");

    public LogText Raw(int pid, string text)
    {
        _text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{_day} {_time} {_host} sm-mta[{pid}]: {text}\n");
        return this;
    }

    /// <summary>What another program says.</summary>
    public LogText Text(string text)
    {
        _text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{_day} {_time} {_host} {text}\n");
        return this;
    }

    /// <summary>Lines as they are.</summary>
    public LogText Verbatim(string lines)
    {
        _text.Append(lines);
        return this;
    }

    public override string ToString() => _text.ToString();
}
