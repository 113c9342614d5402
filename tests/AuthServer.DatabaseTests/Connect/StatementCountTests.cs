using System.Net.Http.Json;
using System.Text.Json;
using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.DatabaseTests.Connect;

/// <summary>The database cost of a whole HTTP request: how often the server waits for the database.</summary>
public abstract class StatementCountTests(TestDatabase database) : ProviderTests(database)
{
    private const string Platform = """
        apis: [{ resource: "http://localhost:8410", scopes: [{ name: notes.read }] }]
        apps:
          - { id: orders, secret: "plain:orders-demo-secret", grants: [password, refresh_token, client_credentials], scopes: [openid, offline_access, notes.read, admin.users.read, admin.sessions.read, admin.apps.read] }
        users: [{ name: alice, email: alice@example.test, password: "plain:correct-horse-apple" }]
        """;

    [Fact]
    public async Task A_warm_server_sends_no_more_statements_than_necessary()
    {
        var counter = new RoundTrips();
        await using var server = await StartAsync(counter);
        using var http = server.CreateClient();
        var tokens = await TokensAsync(
            http, "password", ("username", "alice"), ("password", "correct-horse-apple"), ("scope", "offline_access notes.read"));
        tokens = await RefreshAsync(http, tokens);
        await IntrospectAsync(http, tokens);
        await ForItselfAsync(http);

        // One to read, and one to write, which is a transaction of its own on PostgreSQL. Elsewhere one to commit; SQLite has no batches.
        counter.Restart();
        tokens = await RefreshAsync(http, tokens);
        var (least, most) = Database.Provider switch
        {
            DatabaseProvider.Postgres => (2, 2),
            DatabaseProvider.Sqlite => (4, 4),
            _ => (2, 4),
        };
        Assert.InRange(counter.Count, least, most);

        counter.Restart();
        await IntrospectAsync(http, tokens);
        Assert.Equal(1, counter.Count);

        counter.Restart();
        await ForItselfAsync(http);
        Assert.Equal(0, counter.Count);
    }

    [Fact]
    public async Task A_list_of_the_administration_takes_three_statements_at_most()
    {
        var counter = new RoundTrips();
        await using var server = await StartAsync(counter);
        using var http = server.CreateClient();
        var token = await TokensAsync(http, "client_credentials", ("scope", "admin.users.read admin.sessions.read admin.apps.read"));
        http.DefaultRequestHeaders.Authorization = new("Bearer", token.GetProperty("access_token").GetString());
        foreach (var list in new[] { "users", "users?prefix=al", "users?role=none", "sessions", "apps" })
        {
            using var first = await http.GetAsync($"api/admin/v1/{list}");
            counter.Restart();
            using var response = await http.GetAsync($"api/admin/v1/{list}");
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
            Assert.InRange(counter.Count, 1, 3);
        }
    }

    private static Task<JsonElement> RefreshAsync(HttpClient http, JsonElement tokens) =>
        TokensAsync(http, "refresh_token", ("refresh_token", tokens.GetProperty("refresh_token").GetString()!));

    private static Task<JsonElement> ForItselfAsync(HttpClient http) => TokensAsync(http, "client_credentials", ("scope", "notes.read"));

    private static async Task IntrospectAsync(HttpClient http, JsonElement tokens) =>
        Assert.True((await PostAsync(http, "/connect/introspect", ("token", tokens.GetProperty("access_token").GetString()!)))
            .GetProperty("active").GetBoolean());

    private static Task<JsonElement> TokensAsync(HttpClient http, string grant, params (string, string)[] form) =>
        PostAsync(http, "/connect/token", [("grant_type", grant), .. form]);

    private static async Task<JsonElement> PostAsync(HttpClient http, string path, params (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(
            form.Append(("client_id", "orders")).Append(("client_secret", "orders-demo-secret"))
                .Select(field => KeyValuePair.Create(field.Item1, field.Item2)));
        using var response = await http.PostAsync(path, content);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<WebApplicationFactory<Program>> StartAsync(RoundTrips counter)
    {
        var connectionString = await Database.MigratedAsync();
        var platform = Path.Combine(Directory.CreateTempSubdirectory("authserver-statements-").FullName, "platform.yaml");
        await File.WriteAllTextAsync(platform, Platform);
        return new WebApplicationFactory<Program>().WithWebHostBuilder(builder =>
        {
            builder.UseEnvironment("Development");
            builder.UseSetting("Database:Provider", $"{Database.Provider}");
            builder.UseSetting("ConnectionStrings:AuthServer", connectionString);
            builder.UseSetting("Platform:File", platform);
            builder.ConfigureServices(services =>
            {
                services.ConfigureDbContext<SqliteAuthDbContext>(
                    options => options.AddInterceptors(counter.OfCommands, counter.OfTransactions));
                services.ConfigureDbContext<PostgresAuthDbContext>(
                    options => options.AddInterceptors(counter.OfCommands, counter.OfTransactions));
                services.ConfigureDbContext<SqlServerAuthDbContext>(
                    options => options.AddInterceptors(counter.OfCommands, counter.OfTransactions));
            });
        });
    }

    public sealed class OnSqlite(SqliteDatabase database) : StatementCountTests(database), IClassFixture<SqliteDatabase>;

    public sealed class OnPostgres(PostgresDatabase database) : StatementCountTests(database), IClassFixture<PostgresDatabase>;

    public sealed class OnSqlServer(SqlServerDatabase database) : StatementCountTests(database), IClassFixture<SqlServerDatabase>;
}
