using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace AuthServer.DatabaseTests.Data;

/// <summary><c>AuthServer migrate --check</c>, by which a deploy finds out whether it has to migrate.</summary>
public abstract class MigrateCheckTests(TestDatabase database) : ProviderTests(database)
{
    [Fact]
    public async Task A_database_that_does_not_exist_lacks_every_migration_and_is_not_created()
    {
        var connectionString = await Database.NoneAsync();

        var (exitCode, output, _) = await CheckAsync(connectionString);

        Assert.Equal(2, exitCode);
        Assert.Matches("^(pending \\d{14}_\\w+\n)+\\d+ migrations? pending: run 'AuthServer migrate'\\.$", output);
        Assert.False(await NodeOn(connectionString).DoAsync<AuthDbContext, bool>(
            context => context.GetService<IRelationalDatabaseCreator>().ExistsAsync()));
        Assert.False(
            Database.Provider is DatabaseProvider.Sqlite
            && Directory.Exists(Path.GetDirectoryName(SqliteFile.PathOf(connectionString))));
    }

    [Fact]
    public async Task A_migrated_database_is_up_to_date()
    {
        Assert.Equal((0, "The schema is up to date.", ""), await CheckAsync(await Database.MigratedAsync()));
    }

    [Fact]
    public async Task A_newer_database_is_an_error_that_names_the_database()
    {
        var connectionString = await Database.CreateAsync();
        await NodeOn(connectionString).MigrateAsync();
        await NodeOn(connectionString).SqlAsync(Histories.AddLater);

        var (exitCode, output, complaint) = await CheckAsync(connectionString);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains($" is newer than AuthServer ", complaint, StringComparison.Ordinal);
        Assert.Contains(Histories.Later, complaint, StringComparison.Ordinal);
        Assert.Contains(Histories.NameOf(Database, connectionString), complaint, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', complaint);
    }

    private async Task<(int ExitCode, string Output, string Complaint)> CheckAsync(string connectionString)
    {
        await using var command = AuthServerProcess.Start(
            Database.Provider, connectionString, ["migrate", "--check"], settings: [("Keys:AllowUnprotectedKeyRing", "true")]);
        return (await command.ExitCodeAsync(), command.Log.Trim(), command.Complaint.Trim());
    }

    public sealed class OnSqlite(SqliteDatabase database) : MigrateCheckTests(database), IClassFixture<SqliteDatabase>
    {
        // Also the journal mode: a backup has another one than the server's files.
        [Fact]
        public async Task The_file_stays_as_it_is()
        {
            var path = SqliteFile.PathOf(await Database.NoneAsync());
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using (var connection = new SqliteConnection($"Data Source={path};Pooling=False"))
            {
                await connection.OpenAsync();
                await using var command = new SqliteCommand("CREATE TABLE \"Other\" (\"Id\" int)", connection);
                await command.ExecuteNonQueryAsync();
            }

            var before = await File.ReadAllBytesAsync(path);

            Assert.Equal(2, (await CheckAsync($"Data Source={path}")).ExitCode);
            Assert.Equal(before, await File.ReadAllBytesAsync(path));
            Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
        }

        [Fact]
        public async Task A_file_that_is_not_a_database_is_an_error()
        {
            var path = SqliteFile.PathOf(await Database.NoneAsync());
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, new string('x', 10_000));

            var (exitCode, _, complaint) = await CheckAsync($"Data Source={path}");

            Assert.Equal(1, exitCode);
            Assert.Equal(
                "The database of ConnectionStrings:AuthServer cannot be used: SQLite Error 26: 'file is not a database'.", complaint);
        }
    }

    public sealed class OnPostgres(PostgresDatabase database) : MigrateCheckTests(database), IClassFixture<PostgresDatabase>
    {
        [Fact]
        public async Task A_server_that_does_not_answer_is_an_error()
        {
            var (exitCode, _, complaint) = await CheckAsync("Host=127.0.0.1;Port=1;Username=u;Password=very-secret;Timeout=2");

            Assert.Equal(1, exitCode);
            Assert.Equal("The database of ConnectionStrings:AuthServer cannot be used: Failed to connect to 127.0.0.1:1", complaint);
        }
    }

    public sealed class OnSqlServer(SqlServerDatabase database) : MigrateCheckTests(database), IClassFixture<SqlServerDatabase>;
}
