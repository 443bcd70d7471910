namespace BlockSmtp.Diagnostics;

/// <summary>Why a block has ended, in the word that metrics, the log and the control socket use.</summary>
internal static class ReleaseWord
{
    public static string Of(ReleaseReason reason) => reason switch
    {
        ReleaseReason.Expired => "expired",
        ReleaseReason.WhiteListed => "white_listed",
        ReleaseReason.Requested => "requested",
        ReleaseReason.Crowded => "crowded_out",
        ReleaseReason.Unfounded => "unfounded",
        ReleaseReason.Elsewhere => "elsewhere",
        _ => "replaced",
    };
}
