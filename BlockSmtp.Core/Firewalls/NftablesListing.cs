namespace BlockSmtp.Firewalls;

/// <summary>Reads what libnftables prints.</summary>
internal static class NftablesListing
{
    /// <summary>Those sets of ours that a table has, from its listing as text.</summary>
    public static IEnumerable<NftablesSet> Sets(string table)
    {
        foreach (var line in table.Split('\n'))
        {
            if (line.Trim().Split(' ') is ["set", var name, "{"] && NftablesSet.TryParse(name, out var set))
                yield return set;
        }
    }
}
