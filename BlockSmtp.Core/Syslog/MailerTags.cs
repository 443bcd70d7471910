using System.Text;

namespace BlockSmtp.Syslog;

/// <summary>The names under which the mail server logs.</summary>
internal sealed class MailerTags(IEnumerable<string> names)
{
    private readonly byte[][] _names = [.. names.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Whether a program's name is one of them; of a path, as some daemons log it, its last part.</summary>
    public bool Has(ReadOnlySpan<byte> tag)
    {
        if (!tag.IsEmpty && tag[0] == '/')
            tag = tag[(tag.LastIndexOf((byte)'/') + 1)..];
        foreach (var name in _names)
        {
            if (tag.SequenceEqual(name))
                return true;
        }

        return false;
    }
}
