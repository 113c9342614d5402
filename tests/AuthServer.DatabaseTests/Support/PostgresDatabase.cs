using AuthServer.Data;
using Rig;

namespace AuthServer.DatabaseTests.Support;

/// <summary>Databases on the test run's own server, which are deleted with it.</summary>
public sealed class PostgresDatabase(PostgresServer server) : TestDatabase
{
    internal override DatabaseProvider Provider => DatabaseProvider.Postgres;

    internal override string? Missing => PostgresBinaries.Folder is null ? "PostgreSQL (initdb, postgres) is not installed." : null;

    internal override Task<string> CreateAsync() => server.CreateDatabaseAsync();

    internal override Task<string> NoneAsync() => server.NoDatabaseAsync();
}
