using System.Net;

namespace BlockSmtp.Cli.Names;

/// <summary>What a name was found to stand for.</summary>
/// <param name="Name">The name.</param>
/// <param name="Answered">When that was the answer last, UTC.</param>
/// <param name="Due">When to ask again, UTC.</param>
/// <param name="Networks">Its addresses and networks.</param>
internal sealed record KnownName(TrustedName Name, DateTimeOffset Answered, DateTimeOffset Due, IReadOnlyList<IPNetwork> Networks)
{
    /// <summary>
    /// How long an answer is good while no other comes. Longer than any failure of DNS, shorter than addresses stay with
    /// somebody who has given them back.
    /// </summary>
    public static readonly TimeSpan Keep = TimeSpan.FromDays(30);

    public bool IsGood(DateTimeOffset now) => now - Answered < Keep;
}
