using System.Diagnostics;
using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using Rig;

namespace AuthServer.DatabaseTests.Data;

/// <summary><c>./build.sh demo</c> with the folder <c>.demo</c> of an earlier version.</summary>
public sealed class DemoDataTests(SqliteDatabase database) : ProviderTests(database), IClassFixture<SqliteDatabase>
{
    // The functions of build.sh, and the step of the demo that looks at the folder.
    private const string Script = """
        source ./build.sh help >/dev/null
        DEMO=$1
        AUTHSERVER+=("ConnectionStrings__AuthServer=Data Source=$DEMO/authserver.db")
        need_usable_data
        echo usable
        """;

    [Fact]
    public async Task A_folder_whose_Initial_was_replaced_is_refused_and_the_user_is_told_to_delete_it()
    {
        var folder = await FolderAsync(Histories.Replace);

        var (exitCode, output, error) = await RunAsync(folder);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Equal(
            [
                $"The database {folder}/authserver.db was made by another version of AuthServer, "
                    + $"whose migration {Histories.Replaced} this version does not have: "
                    + "use the version that made it, or name another database in ConnectionStrings:AuthServer.",
                "build.sh: the data of an earlier demo cannot be used. "
                    + $"Delete the folder {folder}, which holds only demo data: rm -r {folder}",
            ],
            error.Split('\n'));
    }

    [Theory]
    [InlineData("SELECT 1")]
    [InlineData("DELETE FROM \"__EFMigrationsHistory\"")]
    public async Task A_folder_that_is_up_to_date_or_can_be_migrated_is_accepted(string statement) =>
        Assert.Equal((0, "usable", ""), await RunAsync(await FolderAsync(statement)));

    [Fact]
    public async Task Without_a_folder_there_is_nothing_to_refuse() =>
        Assert.Equal((0, "usable", ""), await RunAsync("/nowhere/.demo"));

    private async Task<string> FolderAsync(string statement)
    {
        var connectionString = await Database.CreateAsync();
        await NodeOn(connectionString).MigrateAsync();
        await NodeOn(connectionString).SqlAsync(statement);
        return Path.GetDirectoryName(SqliteFile.PathOf(connectionString))!;
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(string folder)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", Script, "build.sh", folder])
        {
            WorkingDirectory = Built.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, (await output).Trim(), (await error).Trim());
    }
}
