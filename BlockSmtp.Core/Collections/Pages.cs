namespace BlockSmtp.Collections;

/// <summary>
/// Room for very many values, that grows by a page. A page is never moved: what is large grows without being copied, and no more than a
/// page of it is empty.
/// </summary>
internal struct Pages<T>(int room)
    where T : struct
{
    private const int PageBits = 8;
    private const int PageSize = 1 << PageBits;

    private T[][] _pages = [new T[room]];
    private int _used;

    /// <summary>For how many there is room.</summary>
    public int Room { get; private set; } = room;

    /// <summary>A value that was taken, where it stands.</summary>
    public readonly ref T this[int index] => ref _pages[index >> PageBits][index & (PageSize - 1)];

    /// <summary>Takes room for one more.</summary>
    public int Take()
    {
        if (_used == Room)
            Grow();
        return _used++;
    }

    private void Grow()
    {
        if (Room < PageSize)
        {
            Array.Resize(ref _pages[0], 2 * Room);
            Room *= 2;
            return;
        }

        var page = Room >> PageBits;
        if (page == _pages.Length)
            Array.Resize(ref _pages, 2 * page);
        _pages[page] = new T[PageSize];
        Room += PageSize;
    }
}
