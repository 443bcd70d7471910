using System.Net;

namespace BlockSmtp;

/// <summary>A host that has offended in a replayed log.</summary>
public sealed class ReplayHost
{
    internal ReplayHost(IPAddress address, DateTimeOffset first)
    {
        Address = address;
        First = first;
        Last = first;
    }

    /// <summary>The host.</summary>
    public IPAddress Address { get; }

    /// <summary>How many wrong guesses it made, those while it would have been blocked among them.</summary>
    public long Offenses { get; internal set; }

    /// <summary>When it made the first, UTC.</summary>
    public DateTimeOffset First { get; internal set; }

    /// <summary>When it made the last, UTC.</summary>
    public DateTimeOffset Last { get; internal set; }

    /// <summary>Which mail server has logged the last of them; <see cref="BlockSmtp.Mailer.Auto"/> where no line has told it.</summary>
    public Mailer Mailer { get; internal set; }

    /// <summary>How often it would have been blocked.</summary>
    public int Blocks { get; internal set; }

    /// <summary>How many messages of it were accepted and delivered; always 0 unless <see cref="ReplayOptions.CountDeliveries"/> is set.</summary>
    public long Deliveries { get; internal set; }

    /// <summary>Why it was not blocked although the policy said so; null when that never happened.</summary>
    public string? IgnoredBecause { get; internal set; }
}
