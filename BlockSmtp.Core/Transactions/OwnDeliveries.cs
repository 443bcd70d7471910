using System.Runtime.CompilerServices;
using BlockSmtp.Collections;

namespace BlockSmtp.Transactions;

/// <summary>
/// Which recipients have had a delivery of their own. What looks like several in one line may be one that was written so,
/// <c>&lt;nobody@example.org&gt;,&lt;anna@example.org&gt;</c> for anna, whose line is the same as that of two. Bounded; whoever has had
/// none for long is forgotten.
/// </summary>
internal sealed class OwnDeliveries
{
    private const int Most = 262_144;

    private readonly AgingTable<ulong, byte> _recipients = new(Most);

    /// <summary>A recipient has had a delivery that was nobody else's.</summary>
    /// <param name="key">The recipient's (<see cref="Grammars.RecipientName"/>); 0 for one that is no plain address.</param>
    public void Note(ulong key)
    {
        if (key != 0)
            _recipients.Touch(key, out _, out _);
    }

    /// <summary>Whether a recipient has had one.</summary>
    public bool Has(ulong key) => key != 0 && !Unsafe.IsNullRef(ref _recipients.Find(key));
}
