namespace BlockSmtp.Control;

/// <summary>What came of reading the configuration again.</summary>
/// <param name="Changed">The options that have other values now.</param>
/// <param name="NeedsRestart">The options that have other values in the configuration, but cannot change while the daemon runs.</param>
/// <param name="TrustedNetworks">How many networks the white-list has.</param>
public sealed record ReloadReport(IReadOnlyList<string> Changed, IReadOnlyList<string> NeedsRestart, int TrustedNetworks);
