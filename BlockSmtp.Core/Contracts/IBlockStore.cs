namespace BlockSmtp;

/// <summary>
/// Keeps an engine's state over its end: what is blocked, what hosts that are not blocked yet have done, and how far the log
/// was read. All of it belongs to one place in the log, so that after a crash nothing is counted twice and nothing is lost.
/// </summary>
/// <remarks>
/// The engine calls one member at a time, apart from what decides, and gives up on nothing: while a store fails, it goes on from
/// memory and tries again, then with everything (<see cref="StateChange.IsWhole"/>).
/// </remarks>
public interface IBlockStore
{
    /// <summary>Reads what was committed last. Called once, before the firewall is set up and the first line is read.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The state; <see cref="StoredState.Empty"/> when nothing was ever committed.</returns>
    /// <exception cref="BlockStoreException">It cannot be read; the message says why and how to mend it.</exception>
    ValueTask<StoredState> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Makes a change, all of it or nothing.</summary>
    /// <param name="change">The change.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when the change outlasts the end of this process.</returns>
    /// <exception cref="BlockStoreException">Nothing was changed; the message says why and how to mend it.</exception>
    ValueTask CommitAsync(StateChange change, CancellationToken cancellationToken);
}
