namespace BlockSmtp.Logs;

/// <summary>
/// Reads finished logs on the thread that works on them. For files that lie in the page cache, or that the kernel reads
/// ahead, this costs less than handing blocks from one core to another, which must then fetch them from the other's cache.
/// </summary>
internal sealed class ReadInPlace : IBlockReader
{
    private readonly ReplayInput[] _inputs;
    private readonly CancellationToken _cancellationToken;

    // One is worked on, one is read into: an unfinished line goes from the one to the other.
    private readonly Stack<byte[]> _free = new();
    private Stream? _bytes;
    private int _next;
    private long _before;

    public ReadInPlace(ReplayInput[] inputs, int readLength, CancellationToken cancellationToken)
    {
        _inputs = inputs;
        _cancellationToken = cancellationToken;
        _free.Push(LineCutter.NewBlock(readLength));
        _free.Push(LineCutter.NewBlock(readLength));
    }

    public bool TryTake(out ReadBlock block)
    {
        block = default;
        if (_cancellationToken.IsCancellationRequested || (_bytes is null && _next == _inputs.Length))
            return false;
        _bytes ??= _inputs[_next++].Open(out _);
        var target = _free.Pop();
        int count = _inputs[_next - 1].Read(_bytes, LineCutter.ReadArea(target).Span);
        block = new(target, count, _before + _bytes.Position, EndsInput: count == 0);
        if (count == 0)
        {
            _before += _bytes.Position;
            _bytes.Dispose();
            _bytes = null;
        }
        return true;
    }

    public void Return(byte[] block) => _free.Push(block);

    public void Dispose() => _bytes?.Dispose();
}
