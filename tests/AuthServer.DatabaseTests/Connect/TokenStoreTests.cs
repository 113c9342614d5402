using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.DatabaseTests.Connect;

public abstract class TokenStoreTests(TestDatabase database) : ProviderTests(database)
{
    private const string Subject = "0199a0c4-0000-7000-8000-000000000001";

    [Fact]
    public async Task An_authorization_and_its_token_come_back_as_saved()
    {
        var node = await NodeAsync();
        var authorizationId = await AuthorizationAsync(node);
        var created = node.Clock.GetUtcNow();
        var id = await TokenAsync(node, authorizationId, token =>
        {
            token.ReferenceId = "Ref-erence_1";
            token.Payload = new string('p', 100_000);
            token.CreationDate = created;
            token.ExpirationDate = created.ToOffset(TimeSpan.FromHours(3)).AddDays(30);
        });

        await node.DoAsync<IOpenIddictTokenManager>(async tokens =>
        {
            var token = (await tokens.FindByReferenceIdAsync("Ref-erence_1"))!;
            Assert.Equal(id, await tokens.GetIdAsync(token));
            Assert.Equal(authorizationId, await tokens.GetAuthorizationIdAsync(token));
            Assert.Equal(Subject, await tokens.GetSubjectAsync(token));
            Assert.Equal(100_000, (await tokens.GetPayloadAsync(token))!.Length);
            Assert.Equal(
                (created, created.AddDays(30)), (await tokens.GetCreationDateAsync(token), await tokens.GetExpirationDateAsync(token)));
            Assert.Null(await tokens.GetRedemptionDateAsync(token));
            Assert.Null(await tokens.FindByReferenceIdAsync("REF-ERENCE_1"));
            Assert.Null(await tokens.FindByReferenceIdAsync("Ref-erence_1\0"));
        });
        await node.DoAsync<IOpenIddictAuthorizationManager>(async authorizations =>
        {
            var authorization = (await authorizations.FindByIdAsync(authorizationId))!;
            Assert.Equal(["openid", "notes.read"], await authorizations.GetScopesAsync(authorization));
            Assert.True(await authorizations.HasStatusAsync(authorization, Statuses.Valid));
        });
    }

    [Fact]
    public async Task Ids_are_version_7()
    {
        Assert.SkipWhen(IsSqlServer, "SQL Server sorts a uniqueidentifier by its random end: Data/GuidVersion7.cs.");
        var node = await NodeAsync();
        var authorizationId = await AuthorizationAsync(node);

        Assert.Equal(7, Guid.Parse(authorizationId).Version);
        Assert.Equal(7, Guid.Parse(await TokenAsync(node, authorizationId)).Version);
    }

    [Fact]
    public async Task Of_many_requests_that_redeem_the_token_they_have_read_one_succeeds()
    {
        const int Many = 16;
        var node = await NodeAsync();
        var id = await TokenAsync(node, await AuthorizationAsync(node));
        var requests = new List<(IOpenIddictTokenManager Tokens, object Token)>();
        for (var number = 0; number < Many; number++)
        {
            var tokens = node.Services.CreateScope().ServiceProvider.GetRequiredService<IOpenIddictTokenManager>();
            requests.Add((tokens, (await tokens.FindByIdAsync(id))!));
        }

        var redeemed = await Together.RunAsync(Many, number => requests[number].Tokens.TryRedeemAsync(requests[number].Token).AsTask());

        Assert.Single(redeemed, true);
        Assert.Equal(Statuses.Redeemed, await StatusAsync(node, id));
    }

    [Fact]
    public async Task Pruning_takes_what_has_expired_or_ended_and_leaves_the_rest()
    {
        var node = await NodeAsync();
        var authorizationId = await AuthorizationAsync(node);
        var now = TimeProvider.System.GetUtcNow();
        var old = now.AddDays(-60);
        var expired = await TokenAsync(
            node, authorizationId, token => (token.CreationDate, token.ExpirationDate) = (old, now.AddDays(-30)));
        var redeemed = await TokenAsync(node, authorizationId, token => (token.CreationDate, token.Status) = (old, Statuses.Redeemed));
        var alive = await TokenAsync(node, authorizationId, token => (token.CreationDate, token.ExpirationDate) = (old, now.AddDays(30)));
        var recent = await TokenAsync(node, authorizationId, token => (token.CreationDate, token.Status) = (now, Statuses.Redeemed));

        Assert.Equal(2, await node.DoAsync<IOpenIddictTokenManager, long>(tokens => tokens.PruneAsync(now.AddDays(-14)).AsTask()));

        Assert.Equal([null, null], [await StatusAsync(node, expired), await StatusAsync(node, redeemed)]);
        Assert.Equal([Statuses.Valid, Statuses.Redeemed], [await StatusAsync(node, alive), await StatusAsync(node, recent)]);
    }

    [Fact]
    public async Task A_client_takes_its_authorizations_and_tokens_with_it()
    {
        var node = await NodeAsync();
        var authorizationId = await AuthorizationAsync(node, "gone");
        var token = await TokenAsync(node, authorizationId);

        await node.DoAsync<IOpenIddictApplicationManager>(async clients =>
            await clients.DeleteAsync((await clients.FindByClientIdAsync("gone"))!));

        Assert.Null(await StatusAsync(node, token));
        Assert.Null(await node.DoAsync<IOpenIddictAuthorizationManager, object?>(
            authorizations => authorizations.FindByIdAsync(authorizationId).AsTask()));
    }

    private static Task<string> AuthorizationAsync(Node node, string clientId = "app") =>
        node.DoAsync<IServiceProvider, string>(async services =>
        {
            var clients = services.GetRequiredService<IOpenIddictApplicationManager>();
            var client = await clients.FindByClientIdAsync(clientId)
                ?? await clients.CreateAsync(new OpenIddictApplicationDescriptor { ClientId = clientId, ClientType = ClientTypes.Public });
            var authorizations = services.GetRequiredService<IOpenIddictAuthorizationManager>();
            var authorization = await authorizations.CreateAsync(new OpenIddictAuthorizationDescriptor
            {
                ApplicationId = await clients.GetIdAsync(client),
                CreationDate = TimeProvider.System.GetUtcNow(),
                Scopes = { "openid", "notes.read" },
                Status = Statuses.Valid,
                Subject = Subject,
                Type = AuthorizationTypes.AdHoc,
            });
            return (await authorizations.GetIdAsync(authorization))!;
        });

    private static Task<string> TokenAsync(Node node, string authorizationId, Action<OpenIddictTokenDescriptor>? change = null) =>
        node.DoAsync<IServiceProvider, string>(async services =>
        {
            var authorizations = services.GetRequiredService<IOpenIddictAuthorizationManager>();
            var token = new OpenIddictTokenDescriptor
            {
                ApplicationId = await authorizations.GetApplicationIdAsync((await authorizations.FindByIdAsync(authorizationId))!),
                AuthorizationId = authorizationId,
                CreationDate = TimeProvider.System.GetUtcNow(),
                Status = Statuses.Valid,
                Subject = Subject,
                Type = TokenTypeIdentifiers.RefreshToken,
            };
            change?.Invoke(token);
            var tokens = services.GetRequiredService<IOpenIddictTokenManager>();
            return (await tokens.GetIdAsync(await tokens.CreateAsync(token)))!;
        });

    private static Task<string?> StatusAsync(Node node, string id) => node.DoAsync<AuthDbContext, string?>(context =>
        context.Set<Token>().Where(token => token.Id == Guid.Parse(id)).Select(token => token.Status).SingleOrDefaultAsync());

    public sealed class OnSqlite(SqliteDatabase database) : TokenStoreTests(database), IClassFixture<SqliteDatabase>;

    public sealed class OnPostgres(PostgresDatabase database) : TokenStoreTests(database), IClassFixture<PostgresDatabase>;

    public sealed class OnSqlServer(SqlServerDatabase database) : TokenStoreTests(database), IClassFixture<SqlServerDatabase>;
}
