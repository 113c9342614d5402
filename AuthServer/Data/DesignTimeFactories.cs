using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace AuthServer.Data;

/// <summary>Options of the contexts for <c>dotnet ef</c> and the model tests. These contexts never connect.</summary>
internal static class DesignTime
{
    public static DbContextOptions<TContext> Options<TContext>(DatabaseProvider provider) where TContext : AuthDbContext
    {
        // Identity reads its schema version from the application's services, not from the context.
        var services = new ServiceCollection().Configure<IdentityOptions>(DataFeature.UseSchema).BuildServiceProvider();
        var builder = new DbContextOptionsBuilder<TContext>().UseApplicationServiceProvider(services);
        DataFeature.UseProvider(builder, new DatabaseOptions { Provider = provider, ConnectionString = "" });
        return builder.Options;
    }
}

internal sealed class SqliteDesignTimeFactory : IDesignTimeDbContextFactory<SqliteAuthDbContext>
{
    public SqliteAuthDbContext CreateDbContext(string[] args) => new(DesignTime.Options<SqliteAuthDbContext>(DatabaseProvider.Sqlite));
}

internal sealed class SqlServerDesignTimeFactory : IDesignTimeDbContextFactory<SqlServerAuthDbContext>
{
    public SqlServerAuthDbContext CreateDbContext(string[] args) =>
        new(DesignTime.Options<SqlServerAuthDbContext>(DatabaseProvider.SqlServer));
}

internal sealed class PostgresDesignTimeFactory : IDesignTimeDbContextFactory<PostgresAuthDbContext>
{
    public PostgresAuthDbContext CreateDbContext(string[] args) =>
        new(DesignTime.Options<PostgresAuthDbContext>(DatabaseProvider.Postgres));
}
