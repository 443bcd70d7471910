using BlockSmtp.Addresses;

namespace BlockSmtp.Policies;

/// <summary>
/// Notices that far more hosts than usual which have never delivered anything try names that nobody has. Bounded: beyond a number of hosts
/// and names an hour it does not matter how many there are.
/// </summary>
internal sealed class DistributedGuessing
{
    // What happens on any day: bots with an old list. Below this nobody need be told, whatever is usual.
    private const int FewestHosts = 60;
    private const int TimesUsual = 4;

    // A list that is sent again and again has the same names each time; who guesses has a new one for nearly every try.
    private const double NewNames = 0.5;
    private const int MostKept = 20_000;
    private const int HoursRemembered = 24;

    private static readonly long Hour = TimeSpan.FromHours(1).Ticks;

    private readonly HashSet<HostKey> _hosts = [];
    private readonly HashSet<ulong> _names = [];
    private double _usual;
    private int _hours;
    private long _hour;
    private long _alarmedIn;

    /// <summary>Whether it goes on now.</summary>
    public bool IsOn => _alarmedIn != 0 && _hour - _alarmedIn <= 1;

    /// <summary>A host that has delivered nothing has tried a name.</summary>
    /// <returns>An alarm, once an hour; else null.</returns>
    public GuessingAlarm? Note(HostKey host, ulong name, DateTimeOffset time)
    {
        var hour = time.UtcTicks / Hour;
        if (hour > _hour)
            Turn(hour);
        // How many more there are matters to nobody.
        if (_alarmedIn == hour)
            return null;
        if (_hosts.Count < MostKept)
            _hosts.Add(host);
        if (_names.Count < MostKept)
            _names.Add(name);
        if (_hosts.Count < FewestHosts
            || _hosts.Count < TimesUsual * _usual
            || _names.Count < NewNames * _hosts.Count)
            return null;
        _alarmedIn = hour;
        return new GuessingAlarm { Time = time, Hosts = _hosts.Count, Names = _names.Count, UsualHosts = (int)Math.Round(_usual) };
    }

    /// <summary>An hour is over: it becomes part of what is usual, unless it was none.</summary>
    private void Turn(long hour)
    {
        if (_hour != 0 && _alarmedIn != _hour)
        {
            var passed = (int)Math.Min(hour - _hour, HoursRemembered);
            for (var i = 0; i < passed; i++)
            {
                _hours = Math.Min(_hours + 1, HoursRemembered);
                _usual += ((i == 0 ? _hosts.Count : 0) - _usual) / _hours;
            }
        }

        _hour = hour;
        _hosts.Clear();
        _names.Clear();
        // After an hour of very many there may be quiet days.
        _hosts.TrimExcess();
        _names.TrimExcess();
    }
}
