using System.Collections.Concurrent;
using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace AuthServer.Tests.Support;

/// <summary>
/// The real server on a real port, with its own SQLite file, which is deleted with it. Settings are given with their keys.
/// <see cref="Clock"/> is the server's clock, which stands still until it is advanced.
/// </summary>
/// <example><c>await using var app = await AuthServerApp.StartAsync(("Connect:AccessTokenLifetime", "00:05:00"));</c></example>
internal sealed class AuthServerApp : IAsyncDisposable
{
    private readonly DirectoryInfo folder;
    private readonly WebApplicationFactory<Program> factory;
    private readonly LogSink log = new();
    private readonly CommandLog commands = new();
    private bool isGuest;
    private AuthServerApp? second;

    // Migrated and seeded once per run; each app starts with a copy.
    private static readonly Lazy<Task<byte[]>> SeededDatabase = new(SeedAsync);

    private static int started;

    private AuthServerApp(DirectoryInfo folder, (string Key, string Value)[] settings)
    {
        this.folder = folder;
        factory = new WebApplicationFactory<Program>().WithWebHostBuilder(builder =>
        {
            builder.UseEnvironment("Development");
            builder.UseSetting("urls", "http://127.0.0.1:0");

            // Validating all services takes a good part of a start, so only the first app of a run does it.
            var isFirst = Interlocked.Increment(ref started) is 1;
            builder.UseDefaultServiceProvider(provider => (provider.ValidateScopes, provider.ValidateOnBuild) = (true, isFirst));
            builder.UseSetting("ConnectionStrings:AuthServer", $"Data Source={DatabasePath}");
            builder.UseSetting("Management:Enabled", "false");
            builder.UseSetting("Mail:From", "no-reply@auth.example");
            builder.UseSetting("Mail:Folder", settings.Any(setting => setting.Key is "Mail:Host") ? "" : MailFolder);
            foreach (var (key, value) in settings)
            {
                builder.UseSetting(key, value);
            }

            builder.ConfigureServices(services =>
            {
                services.AddSingleton<TimeProvider>(Clock);
                services.AddSingleton<ILogEventSink>(log);
                OrderByGuid.RefuseIn(services);
                commands.KeepIn(services);
            });
        });
        factory.UseKestrel();
    }

    public FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow());

    /// <summary>In its own folder, so that the whole folder can be moved away.</summary>
    public string DatabasePath => Path.Combine(folder.FullName, "data", "authserver.db");

    /// <summary>The folder of the mails, unless a mail server is set. The first mail creates it.</summary>
    public string MailFolder => Path.Combine(folder.FullName, "mail");

    /// <summary>For what no request can reach yet.</summary>
    public IServiceProvider Services => factory.Services;

    public HttpClient Http { get; private set; } = null!;

    /// <summary>
    /// Everything logged so far, each line in JSON. A request's own line is written after its response: see
    /// <see cref="StopAsync"/>.
    /// </summary>
    public IReadOnlyCollection<string> Log => log.Lines;

    /// <summary>Every statement sent to the database so far, without values. Those of background work are among them.</summary>
    public IReadOnlyCollection<string> Statements => commands.Statements;

    public static async Task<AuthServerApp> StartAsync(params (string Key, string Value)[] settings)
    {
        var app = new AuthServerApp(NewFolder(), settings);
        Directory.CreateDirectory(Path.GetDirectoryName(app.DatabasePath)!);
        await File.WriteAllBytesAsync(app.DatabasePath, await SeededDatabase.Value);
        app.Start();
        return app;
    }

    /// <summary>
    /// Another node on the database of <paramref name="other"/>. It has its own clock. The database is deleted with the other node.
    /// </summary>
    public static AuthServerApp Beside(AuthServerApp other, params (string Key, string Value)[] settings)
    {
        var app = new AuthServerApp(other.folder, settings) { isGuest = true };
        app.Start();
        return app;
    }

    /// <summary>
    /// A server of two nodes that share only the database; their clocks agree. Each request of a browser or client goes to the next
    /// node.
    /// </summary>
    public static async Task<AuthServerApp> WithSecondNodeAsync(params (string Key, string Value)[] settings)
    {
        var app = await StartAsync(settings);
        app.second = Beside(app, settings);
        app.AdvanceClocks(TimeSpan.Zero);
        var one = app.Http;
        app.Http = new HttpClient(app.Around(new SocketsHttpHandler { UseCookies = false })) { BaseAddress = one.BaseAddress };
        one.Dispose();
        return app;
    }

    /// <summary>Advances the clocks of both nodes.</summary>
    public void AdvanceClocks(TimeSpan time)
    {
        FakeTimeProvider[] clocks = second is null ? [Clock] : [Clock, second.Clock];
        var until = clocks.Max(clock => clock.GetUtcNow()) + time;
        foreach (var clock in clocks)
        {
            clock.Advance(until - clock.GetUtcNow());
        }
    }

    /// <summary>Wraps the handler that sends requests to the server.</summary>
    public HttpMessageHandler Around(HttpMessageHandler handler) =>
        second is null ? handler : new RoundRobin(handler, [factory.ClientOptions.BaseAddress, second.factory.ClientOptions.BaseAddress]);

    private void Start()
    {
        factory.StartServer();
        Http = factory.CreateClient();
    }

    /// <summary>A client for a device with this User-Agent.</summary>
    public HttpClient NewHttp(string userAgent)
    {
        var http = new HttpClient { BaseAddress = Http.BaseAddress };
        http.DefaultRequestHeaders.UserAgent.ParseAdd(userAgent);
        return http;
    }

    /// <summary>A registered app of <see cref="Seed"/>.</summary>
    public ClientDriver Client(string id, string? secret = null) => new(Http, id, secret);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (!isGuest)
        {
            await DeleteAsync();
        }
    }

    // A statement that was under way at the stop may still close its connection, and SQLite then writes files of its own.
    private async Task DeleteAsync()
    {
        for (var attempt = 1; folder.Exists; attempt++, folder.Refresh())
        {
            try
            {
                folder.Delete(recursive: true);
            }
            catch (IOException) when (attempt < 100)
            {
                await Task.Delay(50);
            }
        }
    }

    /// <summary>Stops the server. All its work and logging is then done.</summary>
    public async Task StopAsync()
    {
        Http?.Dispose();
        await (second?.StopAsync() ?? Task.CompletedTask);
        await factory.DisposeAsync();
        CloseDatabase();
    }

    private void CloseDatabase()
    {
        // The pool of the server's connections is identified by the connection string.
        using var connection = new SqliteConnection(SqliteConnectionText.Tune($"Data Source={DatabasePath}"));
        SqliteConnection.ClearPool(connection);
    }

    /// <summary>Simulates a database server that went away: from now on nothing can be read or written.</summary>
    public void LoseDatabase()
    {
        CloseDatabase();
        Directory.Move(Path.GetDirectoryName(DatabasePath)!, Path.Combine(folder.FullName, "lost"));
    }

    /// <summary>Ends the outage that <see cref="LoseDatabase"/> began.</summary>
    public void FindDatabase() =>
        Directory.Move(Path.Combine(folder.FullName, "lost"), Path.GetDirectoryName(DatabasePath)!);

    public async Task SqlAsync(string statement)
    {
        await using var connection = new SqliteConnection($"Data Source={DatabasePath}");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // a test's own words
        command.CommandText = statement;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    /// <returns>The single number that the query selects.</returns>
    public async Task<long> CountAsync(string query) => (long)(await ScalarAsync(query))!;

    /// <returns>The single text that the query selects.</returns>
    public async Task<string> TextAsync(string query) => (string)(await ScalarAsync(query))!;

    private async Task<object?> ScalarAsync(string query)
    {
        await using var connection = new SqliteConnection($"Data Source={DatabasePath}");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // a test's own words
        command.CommandText = query;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }

    private static DirectoryInfo NewFolder() => Directory.CreateTempSubdirectory("authserver-");

    private static async Task<byte[]> SeedAsync()
    {
        var folder = NewFolder();
        await using var app = new AuthServerApp(folder, [("Platform:File", await Seed.WriteAsync(folder.FullName))]);
        app.Start();
        await app.StopAsync();
        return await File.ReadAllBytesAsync(app.DatabasePath);
    }

    // The format of production, with the properties that the text omits.
    private sealed class LogSink : ILogEventSink
    {
        private readonly RenderedCompactJsonFormatter formatter = new();

        public ConcurrentQueue<string> Lines { get; } = new();

        public void Emit(LogEvent logEvent)
        {
            using var line = new StringWriter();
            formatter.Format(logEvent, line);
            Lines.Enqueue(line.ToString());
        }
    }
}
