using BlockSmtp.Addresses;
using BlockSmtp.Collections;

namespace BlockSmtp.Policies;

/// <summary>What is known of a transaction that is not over and in which a wrong name was tried.</summary>
/// <param name="host">Whose it is.</param>
/// <param name="number">Higher than those of all that have begun before.</param>
internal struct OpenTransaction(HostKey host, long number)
{
    private ShortList<(ulong Key, ulong Order)> _names;

    /// <summary>Whose it is.</summary>
    public readonly HostKey Host => host;

    /// <summary>Higher than those of all that have begun before.</summary>
    public readonly long Number => number;

    /// <summary>How many different wrong names were tried.</summary>
    public int Count { get; private set; }

    /// <summary>Whether its names weigh already what those of a host do that guesses.</summary>
    public bool IsWeighed { get; set; }

    /// <summary>How many recipients were accepted in it, as far as is known yet.</summary>
    public int Accepted { get; set; }

    /// <summary>A wrong name, by its place in the order in which they were tried.</summary>
    public readonly (ulong Key, ulong Order) this[int index] => _names.At(index);

    /// <summary>A wrong name is tried.</summary>
    public void Add((ulong Key, ulong Order) name)
    {
        for (var i = 0; i < Count; i++)
        {
            if (_names.At(i).Key == name.Key)
                return;
        }

        if (Count == _names.Room)
            _names.Grow();
        _names[Count++] = name;
    }
}
