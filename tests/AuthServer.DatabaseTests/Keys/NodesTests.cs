using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AuthServer.DatabaseTests.Support;
using OpenIddict.Abstractions;
using Rig;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.DatabaseTests.Keys;

/// <summary>Servers as separate processes on one database.</summary>
public abstract class NodesTests(TestDatabase database) : ProviderTests(database)
{
    private static readonly (string, string?) MigrateOnStart = ("Database:MigrateOnStart", "true");

    [Fact]
    public async Task Four_nodes_that_start_concurrently_and_one_that_starts_later_serve_the_same_keys()
    {
        using var certificate = new Certificate();
        var connectionString = await Database.NoneAsync();
        var nodes = Enumerable.Range(0, 4).Select(_ => Start(connectionString, [MigrateOnStart, .. certificate.Settings])).ToList();
        try
        {
            var keys = await Task.WhenAll(nodes.Select(KeysAsync));
            await using var later = Start(connectionString, certificate.Settings);

            Assert.Contains("ES256", keys[0], StringComparison.Ordinal);
            Assert.All([.. keys, await KeysAsync(later)], each => Assert.Equal(keys[0], each));
        }
        finally
        {
            foreach (var node in nodes)
            {
                await node.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task A_token_of_a_stopped_node_is_valid_at_a_node_that_starts_later()
    {
        using var certificate = new Certificate();
        var connectionString = await Database.CreateAsync();
        await AddClientAsync(connectionString);

        string token;
        await using (var first = Start(connectionString, certificate.Settings))
        {
            token = (await PostAsync(first, "/connect/token", ("grant_type", "client_credentials"), ("scope", "notes.read")))
                .GetProperty("access_token").GetString()!;
        }

        await using var later = Start(connectionString, certificate.Settings);
        Assert.True((await PostAsync(later, "/connect/introspect", ("token", token))).GetProperty("active").GetBoolean());
    }

    [Theory]
    [InlineData("another certificate")]
    [InlineData("no certificate")]
    public async Task With_the_wrong_certificate_a_node_says_so_and_ends_with_exit_code_1(string wrong)
    {
        using var certificate = new Certificate();
        using var other = new Certificate();
        var connectionString = await Database.CreateAsync();
        var good = NodeOn(connectionString, settings: certificate.Settings);
        await good.MigrateAsync();
        await good.Keys.LoadAsync(CancellationToken.None);

        await using var bad = Start(
            connectionString, wrong is "no certificate" ? [("Keys:AllowUnprotectedKeyRing", "true")] : other.Settings);

        Assert.Equal(1, await bad.ExitCodeAsync());
        Assert.Contains("Keys:CertificatePath", bad.Complaint, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", bad.Complaint, StringComparison.Ordinal);
    }

    private ServerProcess Start(string connectionString, params (string, string?)[] settings) =>
        AuthServerProcess.Start(Database.Provider, connectionString, settings: settings);

    private static async Task<string> KeysAsync(ServerProcess node)
    {
        using var http = await node.HttpAsync();
        return await http.GetStringAsync("/.well-known/jwks");
    }

    private async Task AddClientAsync(string connectionString)
    {
        var node = NodeOn(connectionString);
        await node.MigrateAsync();
        await node.DoAsync<IOpenIddictScopeManager>(async scopes =>
            await scopes.CreateAsync(new OpenIddictScopeDescriptor { Name = "notes.read", Resources = { "http://localhost:8410" } }));
        await node.DoAsync<IOpenIddictApplicationManager>(async clients => await clients.CreateAsync(new OpenIddictApplicationDescriptor
        {
            ClientId = "job",
            ClientSecret = "job-secret",
            ClientType = ClientTypes.Confidential,
            Permissions =
            {
                Permissions.Endpoints.Token, Permissions.Endpoints.Introspection, Permissions.GrantTypes.ClientCredentials,
                Permissions.Prefixes.Scope + "notes.read",
            },
        }));
    }

    private static async Task<JsonElement> PostAsync(ServerProcess node, string path, params (string Name, string Value)[] form)
    {
        using var http = await node.HttpAsync();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("job:job-secret")));
        using var content = new FormUrlEncodedContent(form.ToDictionary(field => field.Name, field => field.Value));
        using var response = await http.PostAsync(path, content);
        Assert.True(response.IsSuccessStatusCode, $"{response}");
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    public sealed class OnSqlite(SqliteDatabase database) : NodesTests(database), IClassFixture<SqliteDatabase>;

    public sealed class OnPostgres(PostgresDatabase database) : NodesTests(database), IClassFixture<PostgresDatabase>;

    public sealed class OnSqlServer(SqlServerDatabase database) : NodesTests(database), IClassFixture<SqlServerDatabase>;
}
