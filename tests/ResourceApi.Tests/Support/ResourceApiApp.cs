using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ResourceApi.Tests.Support;

/// <summary>The API in this process, on a real port and with a database file of its own.</summary>
internal sealed class ResourceApiApp : WebApplicationFactory<Program>
{
    public const string Resource = "http://localhost:8410";

    private readonly string folder = Directory.CreateTempSubdirectory("resource-api-").FullName;
    private readonly Dictionary<string, string?> settings;
    private readonly TimeProvider? time;

    public ResourceApiApp(TestIssuer issuer, TimeProvider? time = null, params (string Key, string? Value)[] settings)
    {
        this.time = time;
        this.settings = new()
        {
            ["Issuer:Authority"] = issuer.Authority.AbsoluteUri,
            ["Api:Resource"] = Resource,
            ["ConnectionStrings:ResourceApi"] = $"Data Source={DatabaseFile}",
            ["Serilog:MinimumLevel:Default"] = "Fatal",
        };
        foreach (var (key, value) in settings)
        {
            this.settings[key] = value;
        }

        UseKestrel(0);
        StartServer();
        Client = CreateClient();
    }

    public string DatabaseFile => Path.Combine(folder, "data", "api.db");

    public HttpClient Client { get; }

    public Uri Address => Client.BaseAddress!;

    public Task<HttpResponseMessage> GetAsync(string path, string? token = null) => SendAsync(HttpMethod.Get, path, token);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token = null, object? body = null)
    {
        using var request =
            new HttpRequestMessage(method, path) { Content = body as HttpContent ?? (body is null ? null : JsonContent.Create(body)) };
        // RFC 9110 10.1.1. Otherwise the client may still be writing when the refusal of a large body closes the connection.
        request.Headers.ExpectContinue = request.Content?.Headers.ContentLength > 64 * 1024;
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(Environments.Production);
        foreach (var (key, value) in settings)
        {
            builder.UseSetting(key, value);
        }

        if (time is not null)
        {
            builder.ConfigureTestServices(services => services.AddSingleton(time));
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && Directory.Exists(folder))
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }
}
