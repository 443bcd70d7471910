namespace BlockSmtp.Collections;

/// <summary>
/// A few values, of which most have one: that one stands here, and the others, each with a link to the next, in the room that all chains of
/// a <see cref="ChainLinks{T}"/> share. No chain needs an object. A default value is a free place.
/// </summary>
internal struct Chain<T>
    where T : unmanaged
{
    /// <summary>The first value.</summary>
    public T First;

    /// <summary>Where the second one is; 0 for nowhere.</summary>
    public int Next;
}
