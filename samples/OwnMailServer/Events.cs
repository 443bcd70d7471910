using System.Net;
using System.Text.Json;
using BlockSmtp;

namespace OwnMailServer;

/// <summary>
/// A mail server that no grammar of the library reads: its log has one JSON object a line. So nothing is made to look like a line of
/// sendmail; its facts are reported.
/// </summary>
public static class Events
{
    /// <summary>Reports what a line says: <c>{"at":"…","client":"203.0.113.7","rcpt":"anna","known":false}</c>.</summary>
    public static void Report(DetectionEngine engine, string line)
    {
        using var json = JsonDocument.Parse(line);
        var (said, client) = (json.RootElement, IPAddress.Parse(json.RootElement.GetProperty("client").GetString()!));
        var at = said.GetProperty("at").GetDateTimeOffset();
        if (said.GetProperty("known").GetBoolean())
            engine.Report(new Acceptance(client, at, 1) { Kind = AcceptanceKind.Delivery, Source = PeerSource.Elsewhere });
        else
            engine.Report(new Offense(client, at, OffenseKind.UnknownRecipient)
            {
                Recipient = said.GetProperty("rcpt").GetString(),
                Source = PeerSource.Elsewhere,
            });
    }
}
