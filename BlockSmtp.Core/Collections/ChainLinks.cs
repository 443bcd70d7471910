using System.Runtime.CompilerServices;

namespace BlockSmtp.Collections;

/// <summary>The values of many a <see cref="Chain{T}"/> but for the first of each.</summary>
internal sealed class ChainLinks<T>
    where T : unmanaged
{
    private const int SmallestRoom = 16;

    private Pages<Link> _links = new(SmallestRoom);
    private int _free;

    // Where the first link would be is nowhere.
    public ChainLinks() => _links.Take();

    private struct Link
    {
        public T Value;
        public int Next;
    }

    /// <summary>The values of a chain, each to be changed where it stands: so many of the first at most.</summary>
    public Values Of(ref Chain<T> chain, int most = int.MaxValue) => new(this, ref chain, most);

    /// <summary>A value of a chain by its place; a null reference when the chain is shorter.</summary>
    public ref T At(ref Chain<T> chain, int place)
    {
        foreach (ref var value in Of(ref chain))
        {
            if (place-- == 0)
                return ref value;
        }

        return ref Unsafe.NullRef<T>();
    }

    /// <summary>Makes a chain longer by one free place.</summary>
    public ref T Append(ref Chain<T> chain)
    {
        var added = Take();
        ref var next = ref chain.Next;
        while (next != 0)
            next = ref _links[next].Next;
        next = added;
        return ref _links[added].Value;
    }

    /// <summary>A chain is no more: the room of its values is there for others.</summary>
    public void Free(in Chain<T> chain)
    {
        for (var at = chain.Next; at != 0;)
        {
            ref var link = ref _links[at];
            var next = link.Next;
            link = new Link { Next = _free };
            (_free, at) = (at, next);
        }
    }

    private int Take()
    {
        if (_free == 0)
            return _links.Take();
        var taken = _free;
        (_free, _links[taken].Next) = (_links[taken].Next, 0);
        return taken;
    }

    /// <summary>Goes through the values of a chain.</summary>
    public ref struct Values
    {
        private readonly ChainLinks<T> _links;
        private readonly ref Chain<T> _chain;
        private ref T _current;
        private int _next;
        private int _most;

        public Values(ChainLinks<T> links, ref Chain<T> chain, int most)
        {
            (_links, _most) = (links, most);
            _chain = ref chain;
        }

        public readonly ref T Current => ref _current;

        public readonly Values GetEnumerator() => this;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool MoveNext()
        {
            if (_most-- == 0)
                return false;
            if (Unsafe.IsNullRef(ref _current))
            {
                _current = ref _chain.First;
                _next = _chain.Next;
                return true;
            }

            if (_next == 0)
                return false;
            ref var link = ref _links._links[_next];
            _current = ref link.Value;
            _next = link.Next;
            return true;
        }
    }
}
