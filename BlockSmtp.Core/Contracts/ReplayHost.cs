using System.Net;
using BlockSmtp.Addresses;

namespace BlockSmtp;

/// <summary>A host that has offended in a replayed log.</summary>
public sealed class ReplayHost
{
    // As numbers: there may be very many hosts.
    private long _first;
    private long _last;

    internal ReplayHost(IPAddress address, HostKey key, DateTimeOffset first)
    {
        Address = address;
        Key = key;
        _first = _last = first.UtcTicks;
    }

    /// <summary>The host.</summary>
    public IPAddress Address { get; }

    /// <summary>How many wrong guesses it made, those while it would have been blocked among them.</summary>
    public long Offenses { get; internal set; }

    /// <summary>When it made the first, UTC.</summary>
    public DateTimeOffset First => new(_first, TimeSpan.Zero);

    /// <summary>When it made the last, UTC.</summary>
    public DateTimeOffset Last => new(_last, TimeSpan.Zero);

    /// <summary>Which mail server has logged the last of them; <see cref="BlockSmtp.Mailer.Auto"/> where no line has told it.</summary>
    public Mailer Mailer { get; internal set; }

    /// <summary>How often it would have been blocked.</summary>
    public int Blocks { get; internal set; }

    /// <summary>
    /// How many messages of it were accepted and delivered; always 0 unless <see cref="ReplayOptions.CountDeliveries"/> is set.
    /// </summary>
    public long Deliveries { get; internal set; }

    /// <summary>Why it was not blocked although the policy said so; null when that never happened.</summary>
    public string? IgnoredBecause { get; internal set; }

    /// <summary>The address as a key.</summary>
    internal HostKey Key { get; }

    /// <summary>It was seen at a time, which may be before the last one.</summary>
    internal void OnSeen(DateTimeOffset time) => _last = Math.Max(_last, time.UtcTicks);

    /// <summary>Its times are of so many years earlier than they were thought to be.</summary>
    internal void GoBack(int years) => (_first, _last) = (First.AddYears(-years).UtcTicks, Last.AddYears(-years).UtcTicks);
}
