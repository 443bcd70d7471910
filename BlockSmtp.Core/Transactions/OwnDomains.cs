using System.Runtime.CompilerServices;
using BlockSmtp.Collections;
using BlockSmtp.Grammars;

namespace BlockSmtp.Transactions;

/// <summary>
/// The site's domains, as far as mail for them was delivered on this machine. By what was only asked for or refused none is learned: of
/// that a client chooses the domain. Bounded; one without mail for long is forgotten.
/// </summary>
internal sealed class OwnDomains
{
    private const int Most = 4_096;

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
    public bool MayHave(ReadOnlySpan<byte> domain) => domain.IsEmpty || !Unsafe.IsNullRef(ref _domains.Find(KeyOf(domain)));

    // Without case.
    private static ulong KeyOf(ReadOnlySpan<byte> domain) => RecipientName.Of(domain).Key;
}
