using System.Net;

namespace BlockSmtp;

/// <summary>
/// Drops the packets that hosts send to the mail server. The engine calls one member at a time, so an implementation
/// needs no locks, and calls again what has failed.
/// </summary>
public interface IFirewall
{
    /// <summary>
    /// Puts the firewall into the state where exactly <paramref name="blocks"/> are in force, whatever was there
    /// before: a first start, rules left by a crash, rules flushed by a foreign hand. Called at the start and again
    /// to mend a failed <see cref="ApplyAsync"/>. Rules of others are left alone.
    /// </summary>
    /// <param name="blocks">What is to be in force; often none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when the rules are in force.</returns>
    /// <exception cref="FirewallException">The firewall could not be set up; the message says why and how to mend it.</exception>
    ValueTask StartAsync(IReadOnlyCollection<Block> blocks, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the changes, all together where the firewall can. Blocking what is blocked and releasing what is not
    /// are no errors.
    /// </summary>
    /// <param name="changes">The changes, at least one, in order; no network twice.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when the rules are in force.</returns>
    /// <exception cref="FirewallException">Some or all changes were not made.</exception>
    ValueTask ApplyAsync(IReadOnlyList<FirewallChange> changes, CancellationToken cancellationToken);

    /// <summary>Reads back from the firewall itself what is blocked now.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The blocked networks, in any order.</returns>
    /// <exception cref="FirewallException">The firewall could not be read.</exception>
    ValueTask<IReadOnlyCollection<IPNetwork>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Takes away everything that <see cref="StartAsync"/> put there, and nothing else. Nothing there is no error.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when the rules are gone.</returns>
    /// <exception cref="FirewallException">Something could not be removed.</exception>
    ValueTask StopAsync(CancellationToken cancellationToken);
}
