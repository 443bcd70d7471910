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
        try
        {
            return File.Exists(path) ? [.. (await File.ReadAllLinesAsync(path, cancellationToken)).Select(NetworkOf)] : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            // The engine then has the file written anew.
            throw Failure(exception, "see that nobody else writes to it");
        }
    }

    public ValueTask StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            _denied = [];
            File.Delete(path);
            return default;
        }
        catch (DirectoryNotFoundException)
        {
            return default;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Failure(exception, "delete it, or whoever is in it stays blocked");
        }
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
            throw Failure(exception, "see that the directory can be written to");
        }
    }

    private static IPNetwork NetworkOf(string line) =>
        line.StartsWith("deny ", StringComparison.Ordinal)
        && line.EndsWith(';')
        && IPNetwork.TryParse(line.AsSpan()["deny ".Length..^1], out var network)
            ? network
            : throw new FormatException($"'{line}' is none of its lines");

    private FirewallException Failure(Exception exception, string mending) => new($"{path}: {exception.Message}: {mending}", exception);
}
