namespace BlockSmtp.Enforcing;

/// <summary>What whoever keeps the firewall needs of whoever decides.</summary>
internal interface IWantedRules
{
    /// <summary>What the firewall is to be told.</summary>
    FirewallChanges Changes { get; }

    /// <summary>What came of the last look at the firewall.</summary>
    FirewallComparison? LastComparison { get; set; }

    /// <summary>Everything that is to be blocked, with the changes that this makes needless to tell one by one.</summary>
    (IReadOnlyCollection<Block> Blocks, IReadOnlyList<FirewallChange> Changes) TakeWanted();

    /// <summary>The rules were not as they should be, and are again.</summary>
    void OnRepaired();
}
