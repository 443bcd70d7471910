using System.Buffers;
using System.Text;
using static BlockSmtp.Firewalls.NftablesMessages;

namespace BlockSmtp.Firewalls;

/// <summary>
/// A table as the kernel has it, with everything but the elements and the counts, to know later whether somebody has changed it.
/// </summary>
/// <param name="Shape">What was read: the same bytes for the same table.</param>
/// <param name="Sets">Those sets of ours that it has.</param>
internal sealed record NftablesTable(byte[] Shape, IReadOnlyList<NftablesSet> Sets)
{
    /// <summary>What a set, a chain and a rule have as the first: the table that it is in.</summary>
    private const ushort In = 1; // NFTA_SET_TABLE, NFTA_CHAIN_TABLE, NFTA_RULE_TABLE

    private const ushort SetName = 2;               // NFTA_SET_NAME
    private const ushort Expressions = 4;           // NFTA_RULE_EXPRESSIONS
    private const ushort ExpressionName = 1;        // NFTA_EXPR_NAME

    // What is left out has a number that goes on, or grows with the elements: handles, uses, counts.
    private static readonly ushort[] OfTable = [1, 2];              // NFTA_TABLE_NAME, _FLAGS
    private static readonly ushort[] OfSet = [SetName, 3, 4, 5, 11]; // NFTA_SET_NAME, _FLAGS, _KEY_TYPE, _KEY_LEN, _TIMEOUT
    private static readonly ushort[] OfChain = [3, 4, 5, 7, 10];    // NFTA_CHAIN_NAME, _HOOK, _POLICY, _TYPE, _FLAGS
    private static readonly ushort[] OfRule = [2, Expressions];     // NFTA_RULE_CHAIN, _EXPRESSIONS

    /// <summary>Reads a table of the family inet; null when there is none.</summary>
    /// <exception cref="FirewallException">The kernel refuses it.</exception>
    public static NftablesTable? Read(NftablesReader reader, string name)
    {
        var table = ReadList(reader, GetTables, name, OfTable, null);
        if (table.Length == 0)
            return null;
        var sets = new List<NftablesSet>();
        return new NftablesTable(
            [
                .. table,
                .. ReadList(reader, GetSets, name, OfSet, sets),
                .. ReadList(reader, GetChains, name, OfChain, null),
                .. ReadList(reader, GetRules, name, OfRule, null),
            ],
            sets);
    }

    public bool IsAs(NftablesTable other) => Shape.AsSpan().SequenceEqual(other.Shape);

    private static byte[] ReadList(NftablesReader reader, ushort get, string name, ushort[] attributes, List<NftablesSet>? sets)
    {
        var table = Encoding.ASCII.GetBytes(name);
        var shape = new ArrayBufferWriter<byte>();
        reader.Read(
            get,
            request =>
            {
                // Of tables and chains the kernel lists all.
                if (get is GetSets or GetRules)
                    request.Text(In, name);
            },
            () =>
            {
                shape.Clear();
                sets?.Clear();
            },
            message =>
            {
                if (!NftablesAttributes.IsText(NftablesAttributes.Find(message, In), table))
                    return;
                Write(shape, message, attributes);
                if (sets is not null
                    && NftablesSet.TryParse(Encoding.ASCII.GetString(NftablesAttributes.Find(message, SetName)).TrimEnd('\0'), out var set))
                    sets.Add(set);
            });
        return shape.WrittenSpan.ToArray();
    }

    private static void Write(ArrayBufferWriter<byte> shape, ReadOnlySpan<byte> message, ushort[] wanted)
    {
        foreach (var type in wanted)
        {
            var value = NftablesAttributes.Find(message, type);
            if (type == Expressions && wanted == OfRule)
                WriteExpressions(shape, value);
            else
                Write(shape, value);
        }
    }

    private static void WriteExpressions(ArrayBufferWriter<byte> shape, ReadOnlySpan<byte> expressions)
    {
        while (NftablesAttributes.TryTake(ref expressions, out _, out var expression))
        {
            var name = NftablesAttributes.Find(expression, ExpressionName);
            // Of a counter only that it is there.
            Write(shape, NftablesAttributes.IsText(name, "counter"u8) ? name : expression);
        }
    }

    private static void Write(ArrayBufferWriter<byte> shape, ReadOnlySpan<byte> value)
    {
        BitConverter.TryWriteBytes(shape.GetSpan(sizeof(int)), value.Length);
        shape.Advance(sizeof(int));
        shape.Write(value);
    }
}
