using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>All tests of this folder have a mail server, or what stands for the whole of one.</summary>
[SetUpFixture, Category(Needs.Root), Category(Needs.Lab)]
internal sealed class EndToEndSetup;
