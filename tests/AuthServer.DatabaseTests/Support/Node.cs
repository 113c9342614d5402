using AuthServer.Administration;
using AuthServer.Audit;
using AuthServer.AuditSeals;
using AuthServer.Clients;
using AuthServer.Connect;
using AuthServer.Data;
using AuthServer.Keys;
using AuthServer.Logout;
using AuthServer.Pruning;
using AuthServer.SecurityLog;
using AuthServer.Sessions;
using AuthServer.Telemetry;
using AuthServer.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace AuthServer.DatabaseTests.Support;

/// <summary>The services of one server process, without its HTTP server. Several nodes can exist in this process.</summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly IHost host;

    public Node((string Key, string? Value)[] settings, Action<IServiceCollection>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Development" });
        builder.Configuration.AddInMemoryCollection(
        [
            new("Connect:Issuer", "http://localhost:8400/"),
            .. settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)),
        ]);
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.AddData();
        builder.Services.AddAudit();
        builder.Services.AddSecurityLog();
        OrderByGuid.RefuseIn(builder.Services);
        builder.Services.AddUsers();
        builder.AddKeys();
        builder.Services.AddAuditSeals();
        builder.Services.AddAdministration();
        builder.Services.AddClients();
        builder.Services.AddSessions();
        builder.Services.AddPruning();
        builder.Services.AddTelemetry();
        builder.Services.AddLogout();
        builder.AddConnect();
        configure?.Invoke(builder.Services);
        host = builder.Build();
    }

    /// <summary>Stands still until it is advanced. It begins at a whole second, which every provider can store.</summary>
    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()));

    public IServiceProvider Services => host.Services;

    public KeyRing Keys => Services.GetRequiredService<KeyRing>();

    public Task<IReadOnlyList<string>> MigrateAsync() =>
        Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(CancellationToken.None);

    /// <summary>
    /// Makes Data Protection load its keys, or make the first one, as the start of a server does. A change of an account needs them, and in a
    /// transaction on SQLite they could not be written.
    /// </summary>
    public Node WithKeys()
    {
        Services.GetRequiredService<KeyProtection>().Protector.Protect([]);
        return this;
    }

    public Task SqlAsync(string statement) => DoAsync<AuthDbContext>(context => context.Database.ExecuteSqlRawAsync(statement));

    /// <summary>Runs the work of one request, with its own services and context.</summary>
    public async Task<TResult> DoAsync<TService, TResult>(Func<TService, Task<TResult>> work) where TService : notnull
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<TService>());
    }

    public Task DoAsync<TService>(Func<TService, Task> work) where TService : notnull =>
        DoAsync<TService, bool>(async service =>
        {
            await work(service);
            return true;
        });

    public ValueTask DisposeAsync() => ((IAsyncDisposable)host).DisposeAsync();
}
