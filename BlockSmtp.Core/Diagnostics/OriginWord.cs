namespace BlockSmtp.Diagnostics;

/// <summary>Who has decided on a block, in the word that metrics and events use.</summary>
internal static class OriginWord
{
    public static string Of(BlockOrigin origin) => origin switch
    {
        BlockOrigin.Policy => "policy",
        BlockOrigin.Operator => "operator",
        BlockOrigin.Restored => "restored",
        _ => "elsewhere",
    };
}
