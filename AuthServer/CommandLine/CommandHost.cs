using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Keys;
using AuthServer.Requests;
using Microsoft.Extensions.Logging.Abstractions;

namespace AuthServer.CommandLine;

/// <summary>Runs a command with the server's own services, without listening and without a log on the console.</summary>
/// <param name="build">Registers the services that commands use.</param>
/// <param name="serve">
/// Registers the services that only requests need. A command skips them, because they take much of the start time.
/// </param>
/// <param name="use">Builds the request pipeline.</param>
internal sealed class CommandHost(
    string[] settings, Func<string[], WebApplicationBuilder> build, Action<WebApplicationBuilder> serve, Action<WebApplication> use)
{
    // Set by a process that starts many servers, such as the tests: the collection would hold up all of them.
    private const string KeepsStart = "AuthServer.KeepsStart";

    /// <summary>Runs a command that reads or writes data. It requires an up-to-date schema.</summary>
    public Task<int> RunOnDataAsync(Func<IServiceProvider, Task<int>> command) => RunAsync(async services =>
        await services.GetRequiredService<DatabaseMigrator>().PendingAsync(CancellationToken.None) is []
            ? await command(services)
            : throw new OperatorException("The database schema is not up to date: run 'AuthServer migrate' first."));

    /// <summary>
    /// Runs a command that changes data. The audit encrypts personal data inside of transactions. So the keys of Data Protection are opened
    /// first, and a certificate that does not fit is found before anything is written.
    /// </summary>
    public Task<int> RunOnDataToChangeAsync(Func<IServiceProvider, Task<int>> command) => RunOnDataAsync(services =>
    {
        var protection = services.GetRequiredService<KeyProtection>();
        protection.Open();
        protection.Protector.Protect([]);
        return command(services);
    });

    /// <returns>The exit code: the command's own, or 1 with one message on standard error.</returns>
    public Task<int> RunAsync(Func<IServiceProvider, Task<int>> command) => StartupErrors.RunAsync(async () =>
    {
        // A command writes its output itself, and scripts read it: no log lines in between.
        var builder = build(settings);
        builder.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        builder.Services.AddSingleton(AuditProcess.Command);

        // In Development the host validates all services when it is built. In a command, the services for requests are incomplete.
        builder.Host.UseDefaultServiceProvider(
            provider => (provider.ValidateScopes, provider.ValidateOnBuild) = (builder.Environment.IsDevelopment(), false));
        await using var app = builder.Build();
        app.ValidateSettings();
        await using var scope = app.Services.CreateAsyncScope();
        return await command(scope.ServiceProvider);
    });

    /// <summary>Runs the server, when the command line names no command.</summary>
    public Task<int> ServeAsync() => StartupErrors.RunAsync(async () =>
    {
        var builder = build(settings);
        serve(builder);
        await using var app = builder.Build();
        use(app);
        await app.PrepareAsync();
        if (!AppContext.TryGetSwitch(KeepsStart, out var keepsStart) || !keepsStart)
        {
            app.Lifetime.ApplicationStarted.Register(() => Task.Run(ForgetStart));
        }

        await app.RunAsync();
        return 0;
    });

    // Memory that only the start needed stays until the first full collection, which may never come on an idle server.
    private static void ForgetStart() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
