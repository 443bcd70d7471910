using System.Globalization;
using System.Text;

namespace BlockSmtp;

/// <summary>
/// Has a record printed alike wherever it is: what the compiler writes takes times and numbers as the culture of the thread has them.
/// </summary>
internal static class RecordText
{
    /// <param name="name">The record's name.</param>
    /// <param name="printMembers">What the compiler has written for it.</param>
    public static string Show(string name, Func<StringBuilder, bool> printMembers)
    {
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            var text = new StringBuilder(name).Append(" { ");
            if (printMembers(text))
                text.Append(' ');
            return text.Append('}').ToString();
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}
