using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Kernel;

/// <summary>All tests of this folder change a firewall.</summary>
[SetUpFixture, Category(Needs.Root)]
internal sealed class KernelSetup;
