using System.Globalization;
using BlockSmtp.Addresses;
using BlockSmtp.Grammars;

namespace BlockSmtp.Policies;

/// <summary>What hosts that have delivered nothing do at the same time, by which one of them is known at its first wrong name.</summary>
/// <param name="mostNetworks">Of how many networks is remembered what is done in them.</param>
/// <param name="deliveries">Who has delivered.</param>
internal sealed class OtherHosts(int mostNetworks, Deliveries deliveries)
{
    // Who bounces a forged name or two is not counted with its neighbours.
    private const int FewBounces = 2;

    private readonly Neighbourhoods _neighbours = new(mostNetworks, deliveries);
    private readonly DistributedGuessing _together = new();
    private readonly SortedWalk _walk = new();

    /// <summary>A host has tried a name; returns an alarm when very many hosts do.</summary>
    public GuessingAlarm? Note(HostKey host, (ulong Key, ulong Order) name, long time, BalancePolicyOptions options)
    {
        if (Neighbourhoods.Of(host) is { } network)
            _neighbours.Note(network, name.Key, time, options.Window);
        if (options.Distributed == DistributedAnswer.Off)
            return null;
        _walk.Note(host, name.Order, time);
        return _together.Note(host, name.Key, new DateTimeOffset(time, TimeSpan.Zero));
    }

    /// <summary>Why a host is suspicious that has tried a wrong name; null when it is not.</summary>
    /// <param name="host">The host.</param>
    /// <param name="time">When it has tried it.</param>
    /// <param name="order">The name's place in the order of names (<see cref="RecipientName"/>).</param>
    /// <param name="tried">What all come to that it has tried.</param>
    /// <param name="options">What is too much.</param>
    public string? WhyGuesses(HostKey host, long time, ulong order, in TriedSum tried, BalancePolicyOptions options)
    {
        if (options.Neighbours > 0 && Neighbourhoods.Of(host) is { } network)
        {
            var names = _neighbours.Since(network, time - options.Window.Ticks);
            // Where somebody else has tried some of them.
            if (names > Math.Max(options.Neighbours, tried.Count)
                && names > options.Neighbours + _neighbours.DeliveriesOf(network, time, options.CreditHalfLife))
                return string.Create(CultureInfo.InvariantCulture, $"hosts of its network that have delivered nothing have tried {names} "
                    + $"wrong names within {DurationText.Show(options.Window)}");
        }

        if (options.Distributed == DistributedAnswer.Block && _together.IsOn)
            return "many hosts that have never delivered mail guess together";
        return options.Distributed != DistributedAnswer.Off && _walk.Has(host, order)
            ? "it takes part in a walk of many hosts through a list of names"
            : null;
    }

    /// <summary>
    /// The same of the only name of a null sender's message: it hardly weighs, so that only very many of its neighbours' are none of
    /// bounces.
    /// </summary>
    /// <param name="host">The host.</param>
    /// <param name="time">When it has asked for it.</param>
    /// <param name="name">The name's number.</param>
    /// <param name="tried">What all come to that it has tried.</param>
    /// <param name="options">What is too much.</param>
    public string? WhyBounces(HostKey host, long time, ulong name, in TriedSum tried, BalancePolicyOptions options)
    {
        if (options.Neighbours == 0 || tried.Bounces <= FewBounces || Neighbourhoods.Of(host) is not { } network)
            return null;
        _neighbours.NoteQuestion(network, name, time, options.Window);
        var names = _neighbours.QuestionsOf(network, time, options.Window);
        var weight = (names - tried.Bounces) * options.NullSenderWeight;
        return weight > options.Neighbours && weight > options.Neighbours + _neighbours.DeliveriesOf(network, time, options.CreditHalfLife)
            ? string.Create(CultureInfo.InvariantCulture, $"hosts of its network that have delivered nothing have asked for about "
                + $"{names:0} wrong names with a null sender within {DurationText.Show(options.Window)}")
            : null;
    }
}
