namespace BlockSmtp.State;

/// <summary>How soon a change is to be committed.</summary>
internal enum CommitUrgency
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>Lines were read that changed nothing: reading them again would do no harm.</summary>
    Later,

    /// <summary>Offenses were counted: lost, they would be read again.</summary>
    Soon,

    /// <summary>Somebody waits for it.</summary>
    AtOnce,
}
