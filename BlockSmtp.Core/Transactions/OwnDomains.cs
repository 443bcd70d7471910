using System.Runtime.CompilerServices;
using System.Text;
using BlockSmtp.Collections;
using BlockSmtp.Grammars;

namespace BlockSmtp.Transactions;

/// <summary>
/// The site's domains, as far as mail for them was delivered on this machine, and the machine itself. By what was only asked for or refused
/// none is learned: of that a client chooses the domain. Bounded; one without mail for long is forgotten.
/// </summary>
/// <param name="machine">What the machine that logs calls itself; null where nobody knows.</param>
internal sealed class OwnDomains(string? machine)
{
    private const int Most = 4_096;

    // Mail for them may never come, but a name in them is asked for as in any.
    private readonly ulong _localhost = KeyOf("localhost"u8);
    private readonly ulong? _machine = machine is null ? null : KeyOf(Encoding.UTF8.GetBytes(machine));
    private readonly AgingTable<ulong, byte> _domains = new(Most);

    /// <summary>There was a delivery on this machine.</summary>
    /// <param name="domain">Its recipient's; empty where the line does not tell.</param>
    public void Note(ReadOnlySpan<byte> domain)
    {
        if (!domain.IsEmpty)
            _domains.Touch(KeyOf(domain), out _, out _);
    }

    /// <summary>Whether a domain is one of these.</summary>
    /// <param name="domain">The domain; empty for one of which the line itself has told that it is.</param>
    public bool MayHave(ReadOnlySpan<byte> domain) => domain.IsEmpty || Has(KeyOf(domain));

    private bool Has(ulong key) => key == _localhost || key == _machine || !Unsafe.IsNullRef(ref _domains.Find(key));

    // Without case.
    private static ulong KeyOf(ReadOnlySpan<byte> domain) => RecipientName.Of(domain).Key;
}
