using System.IO.Compression;
using System.Reflection.Metadata;
using System.Text;

namespace BlockSmtp.Tests.Packages;

/// <summary>What the symbols of a package say of the sources: the portable PDB in a snupkg.</summary>
internal sealed class Symbols
{
    // Portable PDB v1.0, custom debug information: Source Link, and embedded source.
    private static readonly Guid SourceLinkKind = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");
    private static readonly Guid EmbeddedKind = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    public Symbols(string package)
    {
        using var archive = ZipFile.OpenRead(package);
        using var bytes = new MemoryStream();
        using (var entry = archive.Entries.Single(entry => entry.FullName.EndsWith(".pdb", StringComparison.Ordinal)).Open())
            entry.CopyTo(bytes);
        bytes.Position = 0;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(bytes);
        var reader = provider.GetMetadataReader();
        SourceLink = Information(reader, EntityHandle.ModuleDefinition, SourceLinkKind) is { } json ? Encoding.UTF8.GetString(json) : null;
        Documents = [.. reader.Documents.Select(handle =>
            (reader.GetString(reader.GetDocument(handle).Name), Information(reader, handle, EmbeddedKind) is not null))];
    }

    /// <summary>Where the sources can be fetched, as JSON; null if that is not said.</summary>
    public string? SourceLink { get; }

    /// <summary>The source files, and whether their text is in the symbols.</summary>
    public IReadOnlyList<(string Name, bool IsEmbedded)> Documents { get; }

    private static byte[]? Information(MetadataReader reader, EntityHandle parent, Guid kind) =>
        reader.GetCustomDebugInformation(parent).Select(reader.GetCustomDebugInformation)
            .Where(information => reader.GetGuid(information.Kind) == kind)
            .Select(information => reader.GetBlobBytes(information.Value))
            .SingleOrDefault();
}
