namespace BlockSmtp;

/// <summary>How far a mail server has gone with what a host has brought.</summary>
public enum AcceptanceKind
{
    /// <summary>It has taken a message, for one recipient or several. Nobody need have got it yet.</summary>
    Message,

    /// <summary>It has delivered a message to one recipient.</summary>
    Delivery,
}
