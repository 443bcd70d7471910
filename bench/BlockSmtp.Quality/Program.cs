using BlockSmtp.Benchmarks;
using BlockSmtp.Quality;

// bench/quality calls this; bench/README.md tells what the figures mean.
try
{
    return new QualityCommand(new Arguments(args)).Run();
}
catch (ArgumentException e)
{
    Console.Error.WriteLine($"bench/quality: {e.Message}");
    return 64;
}
