namespace BlockSmtp;

/// <summary>A host of a fleet.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Seen">How long ago it was there.</param>
public sealed record FleetHost(string Node, TimeSpan Seen)
{
    /// <inheritdoc/>
    public override string ToString() => RecordText.Show(nameof(FleetHost), PrintMembers);
}
