using System.Globalization;
using System.Text.Json;
using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.DatabaseTests.Clients;

public abstract class ClientStoreTests(TestDatabase database) : ProviderTests(database)
{
    [Fact]
    public async Task A_client_comes_back_as_saved()
    {
        var node = await NodeAsync();
        var key = new JsonWebKey { Kty = "EC", Crv = "P-256", X = "eA", Y = "eQ", Kid = "1" };
        await AddAsync(node, "whole", client =>
        {
            client.ClientType = ClientTypes.Confidential;
            client.ClientSecret = "s3cret";
            client.DisplayName = "Bestellungen";
            client.DisplayNames[CultureInfo.GetCultureInfo("ja")] = "注文";
            client.RedirectUris.Add(new Uri("https://orders.example.test/signed-in"));
            client.Permissions.Add(Permissions.GrantTypes.Password);
            client.Requirements.Add(Requirements.Features.ProofKeyForCodeExchange);
            client.Settings[Settings.TokenLifetimes.AccessToken] = "00:05:00";
            client.Properties["owner"] = JsonDocument.Parse("""{"team":"west"}""").RootElement;
            client.JsonWebKeySet = new JsonWebKeySet { Keys = { key } };
        });

        await node.DoAsync<IOpenIddictApplicationManager>(async clients =>
        {
            var found = (await clients.FindByClientIdAsync("whole"))!;
            var client = new OpenIddictApplicationDescriptor();
            await clients.PopulateAsync(client, found);
            Assert.Equal(("Bestellungen", "注文"), (client.DisplayName, client.DisplayNames.Single().Value));
            Assert.Equal("https://orders.example.test/signed-in", client.RedirectUris.Single().AbsoluteUri);
            Assert.Equal([Permissions.GrantTypes.Password], client.Permissions);
            Assert.Equal([Requirements.Features.ProofKeyForCodeExchange], client.Requirements);
            Assert.Equal("00:05:00", client.Settings[Settings.TokenLifetimes.AccessToken]);
            Assert.Equal("west", client.Properties["owner"].GetProperty("team").GetString());
            Assert.Equal("eQ", client.JsonWebKeySet!.Keys.Single().Y);
            Assert.True(await clients.ValidateClientSecretAsync(found, "s3cret"));
            Assert.NotEqual("s3cret", client.ClientSecret);
        });
    }

    [Fact]
    public async Task A_client_is_disabled_at_once_on_its_node_and_within_the_time_limit_on_others()
    {
        var (node, other) = (await NodeAsync(), await NodeAsync());
        await AddAsync(node, "disabled");
        Assert.Equal((false, false), (await IsDisabledAsync(node), await IsDisabledAsync(other)));

        await node.DoAsync<IOpenIddictApplicationManager>(async clients =>
        {
            var client = (Client)(await clients.FindByClientIdAsync("disabled"))!;
            client.DisabledAt = node.Clock.GetUtcNow();
            await clients.UpdateAsync(client);
        });

        Assert.True(await IsDisabledAsync(node));
        other.Clock.Advance(ClientCache.Lifetime);
        Assert.True(await IsDisabledAsync(other));

        static Task<bool> IsDisabledAsync(Node node) => node.DoAsync<IServiceProvider, bool>(async services =>
            await services.GetRequiredService<ClientCache>()
                .FindAsync(services.GetRequiredService<AuthDbContext>(), "disabled", CancellationToken.None)
                is ({ DisabledAt: not null }, _));
    }

    [Fact]
    public async Task A_client_id_must_match_character_by_character()
    {
        var node = await NodeAsync();
        await AddAsync(node, "Case");
        await AddAsync(node, "case");

        Assert.Equal("case", await FindAsync(node, "case"));
        Assert.Null(await FindAsync(node, "CASE"));
    }

    [Theory]
    [InlineData("case\0")]
    [InlineData("%")]
    public async Task An_unknown_client_id_finds_no_client(string id)
    {
        var node = await NodeAsync();

        Assert.Null(await FindAsync(node, id));
    }

    [Fact]
    public async Task Concurrent_registrations_of_one_client_id_create_one_client()
    {
        var node = await NodeAsync();

        var added = await Together.RunAsync(8, async _ =>
        {
            try
            {
                await AddAsync(node, "rush");
                return true;
            }
            catch (Exception exception) when (exception is DbUpdateException or OpenIddictExceptions.ValidationException)
            {
                return false;
            }
        });

        Assert.Single(added, true);
        Assert.Equal(
            1, await node.DoAsync<AuthDbContext, int>(context => context.Set<Client>().CountAsync(client => client.ClientId == "rush")));
    }

    [Fact]
    public async Task Of_two_changes_to_one_client_the_second_is_refused()
    {
        var node = await NodeAsync();
        await AddAsync(node, "twice");

        await Assert.ThrowsAsync<OpenIddictExceptions.ConcurrencyException>(
            () => node.DoAsync<IOpenIddictApplicationManager>(async clients =>
            {
                var mine = (await clients.FindByClientIdAsync("twice"))!;
                await node.DoAsync<IOpenIddictApplicationManager>(async others =>
                    await others.UpdateAsync((await others.FindByClientIdAsync("twice"))!));
                await clients.UpdateAsync(mine);
            }));
    }

    [Fact]
    public async Task A_scope_is_found_by_name_and_by_the_API_that_owns_it()
    {
        var node = await NodeAsync();
        await node.DoAsync<IOpenIddictScopeManager>(async scopes =>
        {
            await scopes.CreateAsync(new OpenIddictScopeDescriptor { Name = "orders.read", Resources = { "https://orders.example.test" } });
            await scopes.CreateAsync(
                new OpenIddictScopeDescriptor { Name = "orders.write", Resources = { "https://orders.example.test" } });
            await scopes.CreateAsync(new OpenIddictScopeDescriptor { Name = "other", Resources = { "https://other.example.test" } });
        });

        Assert.Equal(
            ["orders.read"],
            await NamesAsync(node, scopes => scopes.FindByNamesAsync(["orders.read", "orders", "ORDERS.WRITE", "other\0"])));
        Assert.Equal(
            ["orders.read", "orders.write"], await NamesAsync(node, scopes => scopes.FindByResourceAsync("https://orders.example.test")));
        Assert.Equal(["https://orders.example.test"], await node.DoAsync<IOpenIddictScopeManager, List<string>>(scopes =>
            scopes.ListResourcesAsync(["orders.read", "orders.write"]).ToListAsync().AsTask()));
    }

    [Fact]
    public async Task Ids_are_version_7()
    {
        Assert.SkipWhen(IsSqlServer, "SQL Server sorts a uniqueidentifier by its random end: Data/GuidVersion7.cs.");
        var node = await NodeAsync();
        await AddAsync(node, "seven");
        await node.DoAsync<IOpenIddictScopeManager>(
            async scopes => await scopes.CreateAsync(new OpenIddictScopeDescriptor { Name = "seven" }));

        await node.DoAsync<AuthDbContext>(async context =>
        {
            Assert.Equal(7, (await context.Set<Client>().SingleAsync(client => client.ClientId == "seven")).Id.Version);
            Assert.Equal(7, (await context.Set<Scope>().SingleAsync(scope => scope.Name == "seven")).Id.Version);
        });
    }

    private static Task AddAsync(Node node, string id, Action<OpenIddictApplicationDescriptor>? change = null) =>
        node.DoAsync<IOpenIddictApplicationManager>(async clients =>
        {
            var client = new OpenIddictApplicationDescriptor { ClientId = id, ClientType = ClientTypes.Public };
            change?.Invoke(client);
            await clients.CreateAsync(client);
        });

    private static Task<string?> FindAsync(Node node, string id) => node.DoAsync<IOpenIddictApplicationManager, string?>(async clients =>
        await clients.FindByClientIdAsync(id) is { } client ? await clients.GetClientIdAsync(client) : null);

    private static Task<List<string?>> NamesAsync(Node node, Func<IOpenIddictScopeManager, IAsyncEnumerable<object>> find) =>
        node.DoAsync<IOpenIddictScopeManager, List<string?>>(async scopes =>
        {
            var names = new List<string?>();
            await foreach (var scope in find(scopes))
            {
                names.Add(await scopes.GetNameAsync(scope));
            }

            names.Sort(StringComparer.Ordinal);
            return names;
        });

    public sealed class OnSqlite(SqliteDatabase database) : ClientStoreTests(database), IClassFixture<SqliteDatabase>;

    public sealed class OnPostgres(PostgresDatabase database) : ClientStoreTests(database), IClassFixture<PostgresDatabase>;

    public sealed class OnSqlServer(SqlServerDatabase database) : ClientStoreTests(database), IClassFixture<SqlServerDatabase>;
}
