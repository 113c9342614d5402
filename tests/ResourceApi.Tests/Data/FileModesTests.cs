using System.Runtime.Versioning;
using Microsoft.Data.Sqlite;
using ResourceApi.Tests.Support;

namespace ResourceApi.Tests.Data;

[UnsupportedOSPlatform("windows")]
public sealed class FileModesTests(RunningApi running) : IClassFixture<RunningApi>
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task Created_files_are_accessible_to_the_apis_own_account_only()
    {
        await running.Api.GetAsync("/api/notes", running.Issuer.Token());

        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(running.Api.DatabaseFile)!));
        Assert.All(["", "-wal", "-shm"], part => Assert.Equal(OwnerOnly, File.GetUnixFileMode(running.Api.DatabaseFile + part)));
    }

    [Fact]
    public async Task Existing_files_keep_their_modes()
    {
        const UnixFileMode Chosen = OwnerOnly | UnixFileMode.GroupRead;
        var folder = Directory.CreateTempSubdirectory("resource-api-").FullName;
        var file = Path.Combine(folder, "there.db");
        await File.WriteAllBytesAsync(file, []);
        File.SetUnixFileMode(folder, Chosen | UnixFileMode.UserExecute);
        File.SetUnixFileMode(file, Chosen);
        await using (var api = new ResourceApiApp(running.Issuer, settings: ("ConnectionStrings:ResourceApi", $"Data Source={file}")))
        {
            Assert.Equal(Chosen | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
            Assert.Equal(Chosen, File.GetUnixFileMode(file));
        }

        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}
