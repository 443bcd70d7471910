using System.Net;
using System.Text;
using BlockSmtp.Benchmarks.Logs;
using BlockSmtp.Grammars;
using BlockSmtp.Transactions;

namespace BlockSmtp.Benchmarks.Parts;

/// <summary>What tables are asked for, in an order that no cache foresees.</summary>
internal static class Keys
{
    public static IPAddress Address(int number) => new([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number]);

    public static TransactionKey Session(int number)
    {
        _ = QueueId.TryParse(Encoding.ASCII.GetBytes($"6ANHntrU{number:000000}"), out var id);
        return new TransactionKey(id, number, 0);
    }

    /// <summary>So many things, shuffled.</summary>
    public static T[] Shuffled<T>(int count, Func<int, T> make)
    {
        var all = Enumerable.Range(0, count).Select(make).ToArray();
        var random = new SeededRandom(1);
        for (var i = count - 1; i > 0; i--)
        {
            var other = random.Below(i + 1);
            (all[i], all[other]) = (all[other], all[i]);
        }

        return all;
    }
}
