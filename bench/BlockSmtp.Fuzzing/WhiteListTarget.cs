namespace BlockSmtp.Fuzzing;

/// <summary>A white-list: it is read, or refused in words; and whoever is in it is trusted.</summary>
internal sealed class WhiteListTarget : ITarget
{
    public void Read(ReadOnlySpan<byte> input)
    {
        try
        {
            using var reader = new StringReader(System.Text.Encoding.UTF8.GetString(input));
            WhiteList.Parse(reader, "file");
        }
        catch (FormatException)
        {
            // In words.
        }
    }
}
