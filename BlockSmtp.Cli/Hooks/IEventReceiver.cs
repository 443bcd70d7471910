namespace BlockSmtp.Cli.Hooks;

/// <summary>Whom an event is passed on to.</summary>
internal interface IEventReceiver
{
    /// <summary>What to call it in the log.</summary>
    string Name { get; }

    /// <summary>Passes one event on and waits until it is done with.</summary>
    /// <param name="json">A JSON object and a line feed.</param>
    /// <param name="cancellationToken">Waits no longer: whoever is at it is ended.</param>
    /// <returns>What went wrong, in words; null for nothing.</returns>
    Task<string?> PassAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken);
}
