using System.Text.Json;

namespace BlockSmtp.Benchmarks.Logs;

/// <summary>What is true of a log that was made: who was refused how many unknown recipients.</summary>
internal sealed record Truth
{
    // DESIGN: the fourth wrong guess blocks.
    private const int MostAllowed = 3;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public required long Lines { get; init; }

    public required long Bytes { get; init; }

    public required long AttackLines { get; init; }

    public required Dictionary<string, int> Hosts { get; init; }

    public long Offenses => Hosts.Values.Sum(offenses => (long)offenses);

    /// <summary>Who is to be blocked.</summary>
    public IEnumerable<string> Guessers => Hosts.Where(host => host.Value > MostAllowed).Select(host => host.Key);

    public void Save(string path) => File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(this, Json));

    public static Truth Load(string path) => JsonSerializer.Deserialize<Truth>(File.ReadAllBytes(path), Json)!;
}
