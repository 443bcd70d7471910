using System.Buffers;
using System.Runtime.CompilerServices;
using BlockSmtp.Collections;
using BlockSmtp.Grammars;
using BlockSmtp.Syslog;

namespace BlockSmtp.Reading;

/// <summary>
/// Makes one message again of the lines into which a mail server has split it (<see cref="MailEventKind.Part"/>). A process writes all
/// parts of a message one after the other, and each but the last ends in <c> ...</c>, or has how many there are; what is lost or late is
/// given up.
/// </summary>
/// <remarks>
/// The last part of a VRFY may end so, too, for there the end is the client's. Nobody can tell then whether another one follows, and
/// nothing more may come of that process: a probe counts as soon as its client and the beginning of a name are there.
/// </remarks>
internal sealed class SplitMessages
{
    private const int MostMessages = 256;
    private const int MostBytes = 4 << 20;
    private const int Longest = 64 << 10;
    private const int Smallest = 2 << 10;

    // A client's name is 400 characters long at most, so that the name that it tries begins here.
    private const int LastThatBeginsAName = 2;

    private readonly AgingTable<TransactionKey, Message> _messages = new(MostMessages);
    private byte[]? _whole;

    private struct Message
    {
        public byte[]? Text;
        public int Length;
        public int Last;
    }

    /// <summary>How many messages lack their end.</summary>
    public int Count => _messages.Count;

    /// <summary>How much memory they take.</summary>
    public int Bytes { get; private set; }

    private static ReadOnlySpan<byte> Continued => " ..."u8;

    private static ReadOnlySpan<byte> Blanks =>
        "                                                                                                    "u8;

    /// <summary>Adds a part to its message, and reads that when it is whole.</summary>
    /// <typeparam name="TGrammar">What the mail server's lines mean.</typeparam>
    /// <param name="line">The line of the part; then the message as if it stood in one line, until the next call.</param>
    /// <param name="wants">What somebody waits for.</param>
    /// <param name="refusals">Tells what the words of a refusal say.</param>
    /// <param name="read">The part; then what the message tells.</param>
    /// <returns>False while it tells nothing.</returns>
    public bool TryRead<TGrammar>(scoped ref SyslogLine line, MailEventsWanted wants, RefusalTexts refusals, ref MailEvent read)
        where TGrammar : struct, IMailGrammar
    {
        var key = new TransactionKey(read.Id, line.ProcessId, line.Host);
        // A template of syslog may end lines with a space.
        var text = read.Text.TrimEnd((byte)' ');
        var isCounted = read.Parts > 0;
        var isLast = isCounted ? read.Part >= read.Parts : !text.EndsWith(Continued);
        text = isLast || isCounted ? read.Text : text[..^Continued.Length];
        // Alone a first part is none that a mail server writes.
        var isAdded = read.Part == 1 ? !isLast && TryBegin(key, read.Recipient, text) : TryContinue(key, read.Part, text);
        if (isAdded && !isLast && read.MissingBlanks > 0)
            Append(ref _messages.Find(key), Blanks[..Math.Min(read.MissingBlanks, Blanks.Length)]);
        if (!isAdded || (!isLast && (isCounted || read.Part > LastThatBeginsAName)))
            return false;
        ref var message = ref _messages.Find(key);
        line.Message = message.Text.AsSpan(0, message.Length);
        TGrammar.Read(line, wants, refusals, out read);
        if (!isLast)
        {
            if (read.Kind != MailEventKind.Probe)
                return false;
            // How it goes on is not known, so that it counts as another one.
            read.Recipient = default;
        }

        TakeOut(key);
        return read.Kind is not (MailEventKind.None or MailEventKind.Part);
    }

    /// <summary>The first part of a message, which begins as one that is whole.</summary>
    private bool TryBegin(in TransactionKey key, ReadOnlySpan<byte> name, ReadOnlySpan<byte> text)
    {
        GiveUp(key);
        if (name.Length + 2 + text.Length > Longest)
            return false;
        ref var message = ref _messages.Touch(key, out _, out var oldest);
        GiveBack(oldest.Text);
        message.Last = 1;
        if (!name.IsEmpty)
        {
            Append(ref message, name);
            Append(ref message, ": "u8);
        }

        Append(ref message, text);
        MakeRoom();
        return true;
    }

    private bool TryContinue(in TransactionKey key, int number, ReadOnlySpan<byte> text)
    {
        ref var message = ref _messages.Find(key);
        // Nothing is known of its beginning, or a log has it twice.
        if (Unsafe.IsNullRef(ref message) || number <= message.Last)
            return false;
        if (number != message.Last + 1 || message.Length + text.Length > Longest)
        {
            GiveUp(key);
            return false;
        }

        message = ref _messages.Touch(key, out _, out _);
        message.Last = number;
        Append(ref message, text);
        MakeRoom();
        return true;
    }

    private void Append(ref Message message, ReadOnlySpan<byte> text)
    {
        var length = message.Length + text.Length;
        if (message.Text is not { } buffer || buffer.Length < length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Smallest, length));
            Bytes += larger.Length;
            message.Text.AsSpan(0, message.Length).CopyTo(larger);
            GiveBack(message.Text);
            message.Text = larger;
        }

        text.CopyTo(message.Text.AsSpan(message.Length));
        message.Length = length;
    }

    /// <summary>Gives up what is the oldest; never the newest, which is shorter than all that may be kept.</summary>
    private void MakeRoom()
    {
        while (Bytes > MostBytes && _messages.TryPeekOldest(out var oldest, out _))
            GiveUp(oldest);
    }

    private void GiveUp(in TransactionKey key)
    {
        if (!_messages.TryGet(key, out var message))
            return;
        _messages.Remove(key);
        GiveBack(message.Text);
    }

    /// <summary>A message is whole: its text stays what it is until the next one.</summary>
    private void TakeOut(in TransactionKey key)
    {
        if (_whole is not null)
            ArrayPool<byte>.Shared.Return(_whole);
        _whole = _messages.Find(key).Text;
        Bytes -= _whole!.Length;
        _messages.Remove(key);
    }

    private void GiveBack(byte[]? text)
    {
        if (text is null)
            return;
        Bytes -= text.Length;
        ArrayPool<byte>.Shared.Return(text);
    }
}
