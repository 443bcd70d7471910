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
    private readonly HashSet<ulong> _machine = [.. NamesOf(machine).Select(name => KeyOf(Encoding.UTF8.GetBytes(name)))];
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
    public bool MayHave(ReadOnlySpan<byte> domain) => domain.IsEmpty || IsLiteral(domain) || Has(KeyOf(domain));

    /// <summary>
    /// Whether it is the address of a machine, <c>[192.0.2.25]</c>: who tries names as senders takes this one's, under whichever of its
    /// addresses, and a NAT may hide one from us. Of one elsewhere Exim hardly says the same: nobody's list or bounce is from there, and
    /// a device that sends so has one name.
    /// </summary>
    private static bool IsLiteral(ReadOnlySpan<byte> domain) => domain[0] == '[';

    private static IEnumerable<string> NamesOf(string? machine)
    {
        yield return "localhost";
        yield return "localhost.localdomain";
        if (string.IsNullOrEmpty(machine))
            yield break;
        yield return machine;
        // As it may stand beside the whole name in the list of local domains.
        if (machine.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot)
            yield return machine[..dot];
    }

    private bool Has(ulong key) => _machine.Contains(key) || !Unsafe.IsNullRef(ref _domains.Find(key));

    // Without case.
    private static ulong KeyOf(ReadOnlySpan<byte> domain) => RecipientName.Of(domain).Key;
}
