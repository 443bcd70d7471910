namespace BlockSmtp.Reading;

/// <summary>Reads the lines of one kind of mail server.</summary>
internal interface ILineReader
{
    /// <summary>Takes in whole lines.</summary>
    void Read(in LogChunk chunk);

    /// <summary>Adds what was read to the counters.</summary>
    EngineCounters AddTo(EngineCounters counters);
}
