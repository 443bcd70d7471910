using System.Net;
using BlockSmtp;

namespace CustomFirewall;

/// <summary>
/// Blocks by a text file, one <c>deny 192.0.2.1/32;</c> a line, that another program reads: this one suits nginx in
/// front of a mail server (ngx_stream_access_module). Readers see the old file or the new one, never half of one.
/// </summary>
/// <param name="path">The file. It belongs to the firewall alone.</param>
public sealed class DenyFileFirewall(string path) : IFirewall
{
    private HashSet<IPNetwork> _denied = [];

    public ValueTask StartAsync(IReadOnlyCollection<Block> blocks, CancellationToken cancellationToken) =>
        WriteAsync([.. blocks.Select(block => block.Network)], cancellationToken);

    public ValueTask ApplyAsync(IReadOnlyList<FirewallChange> changes, CancellationToken cancellationToken)
    {
        var denied = new HashSet<IPNetwork>(_denied);
        foreach (var change in changes)
            _ = change.IsBlock ? denied.Add(change.Network) : denied.Remove(change.Network);
        return denied.SetEquals(_denied) ? default : WriteAsync(denied, cancellationToken);
    }

    public async ValueTask<IReadOnlyCollection<IPNetwork>> ListAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            return [];
        var lines = await File.ReadAllLinesAsync(path, cancellationToken);
        return [.. lines.Select(line => IPNetwork.Parse(line["deny ".Length..^1]))];
    }

    public ValueTask StopAsync(CancellationToken cancellationToken)
    {
        _denied = [];
        File.Delete(path);
        return default;
    }

    private async ValueTask WriteAsync(HashSet<IPNetwork> denied, CancellationToken cancellationToken)
    {
        try
        {
            await File.WriteAllLinesAsync(path + ".new", denied.Select(network => $"deny {network};"), cancellationToken);
            File.Move(path + ".new", path, overwrite: true);
            _denied = denied;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FirewallException($"{path}: {exception.Message}: see that the directory can be written to", exception);
        }
    }
}
