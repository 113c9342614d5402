using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Requests;
using Microsoft.Extensions.Logging.Abstractions;

namespace AuthServer.CommandLine;

/// <summary>Runs a command over the server's own services, without listening and without a log on the console.</summary>
/// <param name="build">Registers the services that commands use.</param>
/// <param name="serve">Registers those that answer requests, which a command does without: they are a good part of the time that a start takes.</param>
/// <param name="use">Puts them together.</param>
internal sealed class CommandHost(string[] settings, Func<string[], WebApplicationBuilder> build, Action<WebApplicationBuilder> serve, Action<WebApplication> use)
{
    /// <summary>For a command that works on the data, which takes a schema that is up to date.</summary>
    public Task<int> RunOnDataAsync(Func<IServiceProvider, Task<int>> command) => RunAsync(async services =>
        await services.GetRequiredService<DatabaseMigrator>().PendingAsync(CancellationToken.None) is []
            ? await command(services)
            : throw new OperatorException("The database schema is not up to date: run 'AuthServer migrate' first."));

    /// <returns>The exit code: the command's own, or 1 with one message on standard error.</returns>
    public Task<int> RunAsync(Func<IServiceProvider, Task<int>> command) => StartupErrors.RunAsync(async () =>
    {
        // What a command has to say it writes itself: some of it is read by scripts.
        var builder = build(settings);
        builder.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);

        // In Development the host looks at each service when it is built, and those of requests are not whole here. A server still does so.
        builder.Host.UseDefaultServiceProvider(provider => (provider.ValidateScopes, provider.ValidateOnBuild) = (builder.Environment.IsDevelopment(), false));
        await using var app = builder.Build();
        app.ValidateSettings();
        await using var scope = app.Services.CreateAsyncScope();
        return await command(scope.ServiceProvider);
    });

    /// <summary>The command that is no command: the server itself.</summary>
    public Task<int> ServeAsync() => StartupErrors.RunAsync(async () =>
    {
        var builder = build(settings);
        serve(builder);
        await using var app = builder.Build();
        use(app);
        await app.PrepareAsync();
        app.Lifetime.ApplicationStarted.Register(() => Task.Run(ForgetStart));
        await app.RunAsync();
        return 0;
    });

    // What only the start needed would stay in memory until the first collection, which an idle server does not come to.
    private static void ForgetStart() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
