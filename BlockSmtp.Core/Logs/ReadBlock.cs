namespace BlockSmtp.Logs;

/// <summary>A block that was read ahead.</summary>
/// <param name="Bytes">The block, as <see cref="LineCutter"/> lays it out.</param>
/// <param name="Count">How many bytes were read.</param>
/// <param name="Position">How far the logs are read with it, in bytes as they are stored.</param>
/// <param name="EndsInput">Whether a log ends with it.</param>
internal readonly record struct ReadBlock(byte[] Bytes, int Count, long Position, bool EndsInput);
