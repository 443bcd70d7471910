namespace BlockSmtp.State;

/// <summary>What whoever writes the store needs of whoever decides.</summary>
internal interface IUncommitted
{
    /// <summary>How soon what has changed is to be committed, what it comes to, and how many blocks and hosts of it there are.</summary>
    (CommitUrgency Urgency, long Version, int Count) Pending { get; }

    /// <summary>Takes what is to be committed.</summary>
    (StateChange Change, long Version) TakeUncommitted();

    /// <summary>It was not committed: next time everything is.</summary>
    void PutBack(StateChange change);

    /// <summary>Takes up what an earlier run has left.</summary>
    void Resume(StoredState state);
}
