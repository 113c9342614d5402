using AuthServer.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace AuthServer.CommandLine;

/// <summary>Runs a command over the server's own services, without listening and without a log on the console.</summary>
internal sealed class CommandHost(string[] settings, Func<string[], Action<WebApplicationBuilder>?, WebApplication> build)
{
    /// <returns>The exit code: the command's own, or 1 with one message on standard error.</returns>
    public Task<int> RunAsync(Func<IServiceProvider, Task<int>> command) => StartupErrors.RunAsync(async () =>
    {
        // What a command has to say it writes itself: some of it is read by scripts.
        await using var app = build(settings, builder => builder.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance));
        app.ValidateSettings();
        await using var scope = app.Services.CreateAsyncScope();
        return await command(scope.ServiceProvider);
    });

    /// <summary>The command that is no command: the server itself.</summary>
    public Task<int> ServeAsync() => StartupErrors.RunAsync(async () =>
    {
        await using var app = build(settings, null);
        await app.PrepareAsync();
        await app.RunAsync();
        return 0;
    });
}
