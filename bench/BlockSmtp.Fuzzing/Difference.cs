namespace BlockSmtp.Fuzzing;

/// <summary>Two ways to read the same bytes have come to different ends.</summary>
internal sealed class Difference(string message) : Exception(message);
