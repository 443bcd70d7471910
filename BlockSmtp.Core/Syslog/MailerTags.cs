using System.Text;

namespace BlockSmtp.Syslog;

/// <summary>The names under which the mail server logs.</summary>
internal sealed class MailerTags(IEnumerable<string> names)
{
    private readonly byte[][] _names = [.. names.Select(Encoding.UTF8.GetBytes)];

    public bool Has(ReadOnlySpan<byte> tag)
    {
        foreach (var name in _names)
        {
            if (tag.SequenceEqual(name))
                return true;
        }

        return false;
    }
}
