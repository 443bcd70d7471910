namespace BlockSmtp;

/// <summary>Who has decided on a block.</summary>
public enum BlockOrigin
{
    /// <summary>The policy of this engine (<see cref="IOffenderPolicy"/>).</summary>
    Policy,

    /// <summary>
    /// Somebody who has asked for it (<see cref="DetectionEngine.BlockAsync(System.Net.IPNetwork, TimeSpan, string, CancellationToken)"/>).
    /// </summary>
    Operator,

    /// <summary>An earlier run, which has left it in the store.</summary>
    Restored,

    /// <summary>Another machine. Who passes blocks on must leave these out, or they go round for ever.</summary>
    Elsewhere,
}
