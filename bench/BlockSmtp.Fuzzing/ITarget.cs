namespace BlockSmtp.Fuzzing;

/// <summary>Reads hostile bytes. What it throws is a defect.</summary>
internal interface ITarget
{
    void Read(ReadOnlySpan<byte> input);
}
