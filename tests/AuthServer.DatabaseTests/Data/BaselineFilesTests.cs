using System.Security.Cryptography;
using Rig;

namespace AuthServer.DatabaseTests.Data;

/// <summary>
/// The first migration is in a release, so databases exist that it has made. Check by hand, at the root of the repository:
/// <c>sha256sum -c tests/AuthServer.DatabaseTests/Data/baseline.sha256</c>.
/// </summary>
public sealed class BaselineFilesTests
{
    private const string Advice =
        "The baseline is frozen. Restore its files with git, and put the change into a further migration: ./build.sh model NAME";

    private static readonly string Checksums =
        Path.Combine(Built.Root, "tests", "AuthServer.DatabaseTests", "Data", "baseline.sha256");

    [Fact]
    public void No_file_of_the_baseline_is_changed_deleted_or_added()
    {
        var frozen = File.ReadLines(Checksums).Select(line => line.Split("  ")).ToDictionary(parts => parts[1], parts => parts[0]);
        Assert.Equal(6, frozen.Count);

        var faults = frozen.Keys.Union(Present()).Order(StringComparer.Ordinal)
            .Select(path => (Path: path, Fault: FaultOf(path, frozen.GetValueOrDefault(path))))
            .Where(file => file.Fault is not null)
            .Select(file => $"{file.Path} {file.Fault}");

        Assert.True(!faults.Any(), string.Join(Environment.NewLine, faults.Append(Advice)));
    }

    private static string? FaultOf(string path, string? checksum)
    {
        var file = new FileInfo(Path.Combine(Built.Root, path));
        return checksum is null ? "is a second baseline."
            : !file.Exists ? "is missing."
            : ChecksumOf(file) != checksum ? "has changed."
            : null;
    }

    private static string ChecksumOf(FileInfo file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file.FullName)));

    private static IEnumerable<string> Present() =>
        Directory.EnumerateFiles(
            Path.Combine(Built.Root, "AuthServer", "Data", "Migrations"), "*_Initial.*cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Built.Root, file).Replace('\\', '/'));
}
