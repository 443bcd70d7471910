namespace BlockSmtp.Diagnostics;

/// <summary>Whose word a block is.</summary>
internal enum BlockOrigin
{
    Policy,
    Operator,
    Restored,
}
