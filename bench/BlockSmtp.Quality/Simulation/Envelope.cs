namespace BlockSmtp.Quality.Simulation;

/// <summary>A transaction that a host is about to make.</summary>
/// <param name="Sender">Whose mail it is; empty for the null sender.</param>
/// <param name="Names">The recipients, in turn.</param>
/// <param name="Size">How many bytes the message has; 0 when none is to come.</param>
/// <param name="Pace">How many seconds lie between two recipients.</param>
internal readonly record struct Envelope(string Sender, IReadOnlyList<string> Names, int Size, double Pace = 0.1);
