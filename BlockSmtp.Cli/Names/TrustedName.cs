namespace BlockSmtp.Cli.Names;

/// <summary>
/// A name whose addresses are never blocked: of a host, or (<c>include:</c>) of a domain whose SPF record says from where it sends.
/// </summary>
/// <param name="Domain">The name, in lower case.</param>
/// <param name="IsSpf">Whether its SPF record is meant.</param>
internal readonly record struct TrustedName(string Domain, bool IsSpf)
{
    /// <summary>As SPF itself writes it (RFC 7208, 5.2).</summary>
    private const string Include = "include:";

    /// <summary>Reads a name as it is written in the file.</summary>
    public static bool TryParse(string text, out TrustedName name)
    {
        var isSpf = text.StartsWith(Include, StringComparison.Ordinal);
        name = new TrustedName((isSpf ? text[Include.Length..] : text).TrimEnd('.').ToLowerInvariant(), isSpf);
        return IsDomain(name.Domain);
    }

    /// <summary>RFC 1035, 2.3.4, with the underscore that names of records have. What looks like an address is none.</summary>
    public static bool IsDomain(string text)
    {
        if (text.Length is 0 or > 253)
            return false;
        var labels = text.Split('.');
        return labels.All(label => label.Length is > 0 and <= 63
            && label[0] != '-'
            && label.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
            && labels[^1].Any(char.IsAsciiLetter);
    }

    public override string ToString() => IsSpf ? Include + Domain : Domain;
}
