namespace BlockSmtp.Control;

/// <summary>Why a request was not done.</summary>
/// <param name="Code">For programs, one of <see cref="ControlErrorCode"/>'s.</param>
/// <param name="Message">For people: what is wrong and how to mend it.</param>
internal sealed record ControlError(string Code, string Message);
