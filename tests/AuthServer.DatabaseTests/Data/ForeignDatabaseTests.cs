using AuthServer.DatabaseTests.Support;

namespace AuthServer.DatabaseTests.Data;

/// <summary>A database of a version whose "Initial" was replaced: no migration leads from it to this version.</summary>
public abstract class ForeignDatabaseTests(TestDatabase database) : ProviderTests(database)
{
    [Theory]
    [InlineData("migrate")]
    [InlineData("migrate --check")]
    [InlineData("user list")]
    [InlineData("--Database:MigrateOnStart=true")]
    [InlineData("--Database:MigrateOnStart=false")]
    public async Task One_sentence_names_the_database_and_says_what_to_do(string commandLine)
    {
        var connectionString = await ReplacedAsync();
        await using var program = AuthServerProcess.Start(
            Database.Provider,
            connectionString,
            commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            settings: [("Keys:AllowUnprotectedKeyRing", "true")]);

        Assert.Equal(1, await program.ExitCodeAsync());
        var sentence = program.Complaint.Trim();
        Assert.StartsWith($"The database {Histories.NameOf(Database, connectionString)}", sentence, StringComparison.Ordinal);
        Assert.EndsWith(
            $" was made by another version of AuthServer, whose migration {Histories.Replaced} this version does not have: "
            + "use the version that made it, or name another database in ConnectionStrings:AuthServer.",
            sentence,
            StringComparison.Ordinal);
        Assert.DoesNotContain('\n', sentence);
    }

    // A node of the version before may be restarted after the new version has migrated.
    [Fact]
    public async Task A_newer_database_is_accepted()
    {
        var connectionString = await Database.CreateAsync();
        await NodeOn(connectionString).MigrateAsync();
        await NodeOn(connectionString).SqlAsync(Histories.AddLater);

        Assert.Empty(await NodeOn(connectionString).MigrateAsync());
        await using var server = AuthServerProcess.Start(
            Database.Provider, connectionString, settings: [("Keys:AllowUnprotectedKeyRing", "true")]);
        using var http = await server.HttpAsync();
        Assert.True((await http.GetAsync("/health/ready")).IsSuccessStatusCode);
    }

    private async Task<string> ReplacedAsync()
    {
        var connectionString = await Database.CreateAsync();
        await NodeOn(connectionString).MigrateAsync();
        await NodeOn(connectionString).SqlAsync(Histories.Replace);
        return connectionString;
    }

    public sealed class OnSqlite(SqliteDatabase database) : ForeignDatabaseTests(database), IClassFixture<SqliteDatabase>;

    public sealed class OnPostgres(PostgresDatabase database) : ForeignDatabaseTests(database), IClassFixture<PostgresDatabase>;

    public sealed class OnSqlServer(SqlServerDatabase database) : ForeignDatabaseTests(database), IClassFixture<SqlServerDatabase>;
}
