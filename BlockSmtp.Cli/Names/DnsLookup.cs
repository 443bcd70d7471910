using System.Net;
using DnsClient;
using DnsClient.Protocol;

namespace BlockSmtp.Cli.Names;

/// <summary>Asks the name servers of this machine, or one that is named.</summary>
/// <param name="server">The server; null for those of /etc/resolv.conf.</param>
internal sealed class DnsLookup(IPEndPoint? server) : IDnsLookup
{
    private readonly LookupClient _client = new(
        new LookupClientOptions(server is null ? [.. NameServer.ResolveNameServers()] : [new NameServer(server)])
        {
            UseCache = false,
            AutoResolveNameServers = false,
            Timeout = TimeSpan.FromSeconds(5),
            Retries = 2,
            ThrowDnsErrors = false,
        });

    public async Task<(IReadOnlyList<IPAddress> Addresses, TimeSpan Good)> FindHostAsync(string host)
    {
        var (four, good) = await AskAsync(host, QueryType.A);
        var (six, other) = await AskAsync(host, QueryType.AAAA);
        return (
            [.. four.OfType<AddressRecord>().Concat(six.OfType<AddressRecord>()).Select(record => record.Address)],
            good < other ? good : other);
    }

    public async Task<(IReadOnlyList<string> Texts, TimeSpan Good)> FindTextsAsync(string domain)
    {
        var (records, good) = await AskAsync(domain, QueryType.TXT);
        // Longer ones come in pieces (RFC 7208, 3.3).
        return ([.. records.OfType<TxtRecord>().Select(record => string.Concat(record.Text))], good);
    }

    public async Task<(IReadOnlyList<string> Hosts, TimeSpan Good)> FindMailServersAsync(string domain)
    {
        var (records, good) = await AskAsync(domain, QueryType.MX);
        return ([.. records.OfType<MxRecord>()
            .OrderBy(record => record.Preference)
            .Select(record => record.Exchange.Value.TrimEnd('.').ToLowerInvariant())], good);
    }

    private async Task<(IReadOnlyList<DnsResourceRecord> Records, TimeSpan Good)> AskAsync(string name, QueryType type)
    {
        try
        {
            var answer = await _client.QueryAsync(name, type);
            if (answer.HasError)
                throw new DnsFailure($"{name} {type}: {answer.ErrorMessage}");
            return (answer.Answers, answer.Answers.Count == 0
                ? TimeSpan.MaxValue
                : TimeSpan.FromSeconds(answer.Answers.Min(record => record.InitialTimeToLive)));
        }
        catch (Exception e)
            when (e is DnsResponseException or ArgumentException or InvalidOperationException or System.Net.Sockets.SocketException)
        {
            throw new DnsFailure($"{name} {type}: {e.Message.ReplaceLineEndings(" ")}");
        }
    }
}
