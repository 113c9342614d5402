using AuthServer.Data;
using Microsoft.Data.SqlClient;

namespace AuthServer.DatabaseTests.Support;

/// <summary>Databases on the SQL Server named by the environment variable. Each is dropped after its test class.</summary>
public sealed class SqlServerDatabase : TestDatabase
{
    private const string Variable = "AUTHPLATFORM_SQLSERVER";

    private readonly string? server = Environment.GetEnvironmentVariable(Variable);
    private readonly List<string> names = [];

    internal override DatabaseProvider Provider => DatabaseProvider.SqlServer;

    internal override string? Missing => string.IsNullOrEmpty(server) ? $"{Variable} holds no connection string of a SQL Server." : null;

    internal override async Task<string> CreateAsync()
    {
        var connectionString = await NoneAsync();
        await ExecuteAsync($"CREATE DATABASE [{names[^1]}]");
        return connectionString;
    }

    internal override Task<string> NoneAsync()
    {
        names.Add($"authserver_{Guid.CreateVersion7():N}");
        return Task.FromResult(new SqlConnectionStringBuilder(server) { InitialCatalog = names[^1] }.ConnectionString);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        SqlConnection.ClearAllPools();
        foreach (var name in names)
        {
            await ExecuteAsync(
                $"IF DB_ID('{name}') IS NOT NULL BEGIN ALTER DATABASE [{name}] SET SINGLE_USER WITH "
                + $"ROLLBACK IMMEDIATE; DROP DATABASE [{name}]; END");
        }
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqlConnection(
            new SqlConnectionStringBuilder(server) { InitialCatalog = "master" }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new SqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
