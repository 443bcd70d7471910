using System.Text;

namespace BlockSmtp.Benchmarks.Logs;

/// <summary>Numbers processes and transactions as a busy machine and sendmail (queue.c, assign_queueid) do.</summary>
internal sealed class QueueIds(SeededRandom random)
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwx";
    private const int MostProcesses = 32768;

    private string _time = "";
    private int _sequence;

    public int ProcessId { get; private set; } = 20000;

    /// <summary>The process and the transaction, as each line of it begins: <c>sm-mta[20703]: 6ANHntrU020703: </c>.</summary>
    public byte[] Text { get; private set; } = [];

    public string Id { get; private set; } = "";

    public void Tick(DateTime now) => _time = Time(now);

    /// <summary>What the queue ids of a second begin with. Years count from 1900, as in a struct tm.</summary>
    public static string Time(DateTime now) => string.Concat(
        Digits[(now.Year - 1900) % 60], Digits[now.Month - 1], Digits[now.Day])
        + string.Concat(Digits[now.Hour], Digits[now.Minute], Digits[now.Second]);

    /// <summary>A new transaction in a new process.</summary>
    public byte[] Next()
    {
        ProcessId += 1 + random.Below(6);
        if (ProcessId >= MostProcesses)
            ProcessId -= MostProcesses - 300;
        _sequence = (_sequence + 1) % 3600;
        Id = $"{_time}{Digits[_sequence / 60]}{Digits[_sequence % 60]}{ProcessId:000000}";
        return Text = Encoding.ASCII.GetBytes($"sm-mta[{ProcessId}]: {Id}: ");
    }
}
