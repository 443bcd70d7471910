namespace BlockSmtp.State;

/// <summary>What whoever writes the store needs of whoever decides.</summary>
internal interface IUncommitted
{
    /// <summary>How soon what has changed is to be committed, and what it comes to.</summary>
    (CommitUrgency Urgency, long Version) Pending { get; }

    /// <summary>Takes what is to be committed.</summary>
    (StateChange Change, long Version) TakeUncommitted();

    /// <summary>It was not committed: next time everything is.</summary>
    void PutBack(StateChange change);

    /// <summary>Takes up what an earlier run has left.</summary>
    void Resume(StoredState state);
}
