using System.Runtime.ExceptionServices;

namespace BlockSmtp.Logs;

/// <summary>Reads finished logs block by block on a thread of its own, so that the next is there when the last was worked off.</summary>
/// <remarks>A monitor and not a collection that spins: the other core may have better to do.</remarks>
internal sealed class ReadAhead : IBlockReader
{
    private readonly object _turn = new();
    private readonly ReplayInput[] _inputs;
    private readonly Stack<byte[]> _free = new();
    private readonly Queue<ReadBlock> _filled = new();
    private readonly CancellationTokenRegistration _registration;
    private ExceptionDispatchInfo? _failure;
    private bool _ended;
    private bool _stopped;

    public ReadAhead(ReplayInput[] inputs, int blocks, int readLength, CancellationToken cancellationToken)
    {
        _inputs = inputs;
        for (int i = 0; i < blocks; i++)
            _free.Push(LineCutter.NewBlock(readLength));
        _registration = cancellationToken.UnsafeRegister(static reader => ((ReadAhead)reader!).Stop(), this);
        // In the background, as a read of standard input cannot be cancelled and must not keep the process alive.
        new Thread(Run) { IsBackground = true, Name = "blocksmtp read-ahead" }.Start();
    }

    public bool TryTake(out ReadBlock block)
    {
        lock (_turn)
        {
            while (_filled.Count == 0 && !_ended && !_stopped)
                Monitor.Wait(_turn);
            if (_filled.Count > 0 && !_stopped)
            {
                block = _filled.Dequeue();
                return true;
            }
            if (!_stopped)
                _failure?.Throw();
            block = default;
            return false;
        }
    }

    public void Return(byte[] block)
    {
        lock (_turn)
        {
            _free.Push(block);
            Monitor.PulseAll(_turn);
        }
    }

    public void Dispose()
    {
        _registration.Dispose();
        Stop();
    }

    private void Stop()
    {
        lock (_turn)
        {
            _stopped = true;
            Monitor.PulseAll(_turn);
        }
    }

    private void Run()
    {
        try
        {
            long position = 0;
            foreach (var input in _inputs)
            {
                if (!ReadInput(input, ref position))
                    return;
            }
        }
        catch (Exception e) // the consumer is told, whatever it is
        {
            _failure = ExceptionDispatchInfo.Capture(e);
        }
        finally
        {
            lock (_turn)
            {
                _ended = true;
                Monitor.PulseAll(_turn);
            }
        }
    }

    private bool ReadInput(ReplayInput input, ref long position)
    {
        using var bytes = input.Open(out var stored);
        long before = position;
        long handedOver = 0;
        while (TryTakeFree() is { } block)
        {
            int count = input.Read(bytes, LineCutter.ReadArea(block).Span);
            handedOver += count;
            position = before + (stored.CanSeek ? stored.Position : handedOver);
            lock (_turn)
            {
                _filled.Enqueue(new(block, count, position, EndsInput: count == 0));
                Monitor.PulseAll(_turn);
            }
            if (count == 0)
                return true;
        }
        return false;
    }

    private byte[]? TryTakeFree()
    {
        lock (_turn)
        {
            while (_free.Count == 0 && !_stopped)
                Monitor.Wait(_turn);
            return _stopped ? null : _free.Pop();
        }
    }
}
