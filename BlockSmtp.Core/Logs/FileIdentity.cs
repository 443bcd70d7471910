namespace BlockSmtp.Logs;

/// <summary>What tells one file from another whatever it is called now: device and inode, see inode(7).</summary>
internal readonly record struct FileIdentity(uint DeviceMajor, uint DeviceMinor, ulong Inode);
