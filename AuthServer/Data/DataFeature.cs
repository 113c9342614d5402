using System.Runtime.CompilerServices;
using AuthServer.Audit;
using AuthServer.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AuthServer.Data;

/// <summary>
/// Owns the database: provider, connection and migrations. Also owns what any feature may share through it: leases, spent values and
/// shared secrets. All other entities and their configuration live with their features. Serves no route.
/// </summary>
internal static class DataFeature
{
    // Gives up after about two seconds. EF's default of six retries takes a minute, in which requests would pile up. A client
    // that gets 503 with Retry-After retries by itself.
    private const int MostRetries = 3;
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);

    public static void AddData(this IServiceCollection services)
    {
        services.AddSingleton<DatabaseOptionsSetup>();
        services.AddSingleton<IConfigureOptions<DatabaseOptions>>(provider => provider.GetRequiredService<DatabaseOptionsSetup>());
        services.AddSingleton<IValidateOptions<DatabaseOptions>>(provider => provider.GetRequiredService<DatabaseOptionsSetup>());
        services.AddSettings<DatabaseOptions>(DatabaseOptions.Section);
        services.Configure<IdentityOptions>(UseSchema);

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<SqlitePragmas>();
        services.AddSingleton<PostgresFailedCommands>();
        services.AddSingleton<ConnectionFailures>();
        services.AddSingleton<MigrationHistory>();
        services.AddSingleton<DatabaseMigrator>();
        services.AddScoped<Leases>();
        services.AddSingleton<SpentValues>();
        services.AddSingleton<SharedSecrets>();

        services.AddDbContextPool<SqliteAuthDbContext>((provider, options) => UseProvider(options, provider));
        services.AddDbContextPool<SqlServerAuthDbContext>((provider, options) => UseProvider(options, provider));
        services.AddDbContextPool<PostgresAuthDbContext>((provider, options) => UseProvider(options, provider));
        services.AddScoped(provider =>
        {
            AuthDbContext context = provider.GetRequiredService<IOptions<DatabaseOptions>>().Value.Provider switch
            {
                DatabaseProvider.SqlServer => provider.GetRequiredService<SqlServerAuthDbContext>(),
                DatabaseProvider.Postgres => provider.GetRequiredService<PostgresAuthDbContext>(),
                _ => provider.GetRequiredService<SqliteAuthDbContext>(),
            };
            context.Actor = provider.GetRequiredService<AuditActor>();
            return context;
        });
    }

    /// <summary>The Identity schema, for the running server and for the design-time factories alike.</summary>
    public static void UseSchema(IdentityOptions options)
    {
        options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
        options.Stores.MaxLengthForKeys = 128;
    }

    /// <summary>The one place that knows how each provider is set up.</summary>
    public static void UseProvider(DbContextOptionsBuilder builder, DatabaseOptions options) => _ = options.Provider switch
    {
        DatabaseProvider.SqlServer => UseSqlServer(builder, options.ConnectionString),
        DatabaseProvider.Postgres => UsePostgres(builder, options.ConnectionString),
        _ => UseSqlite(builder, options.ConnectionString),
    };

    // One method for each provider, so that a server loads only the provider that it uses.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static DbContextOptionsBuilder UseSqlServer(DbContextOptionsBuilder builder, string connectionString) =>
        builder.UseSqlServer(
            SqlServerConnection.Tune(connectionString),
            server => server.ExecutionStrategy(dependencies => new SqlServerRetries(dependencies, MostRetries, LongestDelay)));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static DbContextOptionsBuilder UsePostgres(DbContextOptionsBuilder builder, string connectionString) =>
        builder.UseNpgsql(
            PostgresConnection.Tune(connectionString),
            postgres => postgres.ExecutionStrategy(dependencies => new PostgresRetries(dependencies, MostRetries, LongestDelay)));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static DbContextOptionsBuilder UseSqlite(DbContextOptionsBuilder builder, string connectionString) =>
        builder.UseSqlite(SqliteConnectionText.Tune(connectionString));

    private static void UseProvider(DbContextOptionsBuilder builder, IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<DatabaseOptions>>().Value;
        UseProvider(builder, options);
        builder.AddInterceptors(services.GetRequiredService<ConnectionFailures>(), services.GetRequiredService<AuditInterceptor>());
        builder.AddInterceptors(services.GetServices<IInterceptor>());
        if (options.Provider is DatabaseProvider.Sqlite)
        {
            builder.AddInterceptors(services.GetRequiredService<SqlitePragmas>());
        }
        else if (options.Provider is DatabaseProvider.Postgres)
        {
            builder.AddInterceptors(services.GetRequiredService<PostgresFailedCommands>());
        }
    }
}
