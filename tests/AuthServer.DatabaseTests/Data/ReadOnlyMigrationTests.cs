using AuthServer.DatabaseTests.Support;
using AuthServer.Requests;

namespace AuthServer.DatabaseTests.Data;

/// <summary>A standby cannot create a schema; the operator gets one sentence that says so.</summary>
public sealed class ReadOnlyMigrationTests(PostgresDatabase database) : ProviderTests(database), IClassFixture<PostgresDatabase>
{
    private const string ReadOnly = ";Options=-c default_transaction_read_only=on";

    [Fact]
    public async Task A_database_without_schema_is_refused_and_the_message_says_what_to_do() =>
        Assert.Equal(
            "The database of ConnectionStrings:AuthServer is read-only, and its schema is not up to date. "
            + "Run 'AuthServer migrate' on the primary.",
            await ToldAsync(await Database.CreateAsync()));

    [Fact]
    public async Task A_missing_database_is_refused_at_once() =>
        Assert.Equal(
            "The database of ConnectionStrings:AuthServer cannot be used: 25006: cannot execute CREATE DATABASE in a read-only transaction",
            await ToldAsync(await Database.NoneAsync()));

    [Fact]
    public async Task A_schema_that_is_up_to_date_is_accepted() =>
        Assert.Empty(await NodeOn(await Database.MigratedAsync() + ReadOnly).MigrateAsync());

    private async Task<string> ToldAsync(string connectionString)
    {
        var exception = await Record.ExceptionAsync(NodeOn(connectionString + ReadOnly).MigrateAsync);
        return Assert.Single(StartupErrors.Explain(exception!)!);
    }
}
