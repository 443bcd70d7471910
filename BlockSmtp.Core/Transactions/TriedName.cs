namespace BlockSmtp.Transactions;

/// <summary>A name that was tried: as numbers, and as text where somebody keeps it.</summary>
internal readonly record struct TriedName(ulong Key, ulong Order, string? Text);
