using System.Net;
using BlockSmtp.Syslog;

namespace BlockSmtp.Transactions;

/// <summary>
/// A probe of a client that its line names, which a client may have written into a recipient: so it waits for what its transaction tells,
/// which a recipient always has, and is believed when that has told nothing.
/// </summary>
/// <param name="Named">Whom the line names; null for nobody.</param>
/// <param name="Names">What was asked for.</param>
/// <param name="Program">Which program has logged it.</param>
/// <param name="Time">When.</param>
/// <param name="Due">When it is believed.</param>
/// <param name="Before">The one before it in its transaction; null for none.</param>
internal sealed record Claim(
    IPAddress? Named, IReadOnlyList<TriedName> Names, LogProgram Program, DateTimeOffset Time, DateTimeOffset Due, Claim? Before)
{
    /// <summary>Whether it is judged already.</summary>
    public bool IsSettled { get; set; }
}
