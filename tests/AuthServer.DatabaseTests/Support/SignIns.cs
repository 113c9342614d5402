using AuthServer.Clients;
using AuthServer.Connect.Refresh;
using AuthServer.Data;
using AuthServer.Protocol;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.DatabaseTests.Support;

/// <summary>Sign-ins and refreshes without HTTP.</summary>
internal static class SignIns
{
    public const string Client = "orders";

    public static readonly RequestSource Source = new("192.0.2.7", "Test/1");

    public static Task<User> AddUserAsync(Node node) => node.DoAsync<UserManager<User>, User>(async users =>
    {
        var name = $"u{Guid.CreateVersion7():N}";
        var user = new User { UserName = name, Email = $"{name}@example.test", CreatedAt = node.Clock.GetUtcNow() };
        Assert.True((await users.CreateAsync(user)).Succeeded);
        return user;
    });

    public static Task AddClientAsync(Node node) => node.DoAsync<IServiceProvider>(services =>
        ClientAsync(services, services.GetRequiredService<AuthDbContext>(), Client));

    /// <summary>A sign-in of this user, or of a new one.</summary>
    public static async Task<RefreshToken> BeginAsync(Node node, User? user = null, string client = Client)
    {
        user ??= await AddUserAsync(node);
        return await node.DoAsync<IServiceProvider, RefreshToken>(async services =>
        {
            var context = services.GetRequiredService<AuthDbContext>();
            var (row, policy) = await ClientAsync(services, context, client);
            var signIn = new SignIn(user, [], node.Clock.GetUtcNow(), [AuthenticationMethodReferences.Password]);
            var (_, token) = services.GetRequiredService<AuthorizationWriter>()
                .Begin(signIn, row, policy, [Scopes.OfflineAccess], Source, refreshesByAccessToken: false);
            await context.SaveChangesAsync();
            return token;
        });
    }

    /// <summary>Adds another authorization to the session of this token, as for a code that has not been redeemed.</summary>
    public static Task<AuthorizationSnapshot> PrepareAsync(Node node, RefreshToken token) =>
        node.DoAsync<IServiceProvider, AuthorizationSnapshot>(async services =>
        {
            var context = services.GetRequiredService<AuthDbContext>();
            var first = (await FindAsync(services, token))!;
            var (row, _) = await ClientAsync(services, context, Client);
            var added = services.GetRequiredService<AuthorizationWriter>()
                .Prepare(first.SessionId, first.SignIn, row, [Scopes.OpenId], node.Clock.GetUtcNow());
            await context.SaveChangesAsync();
            return (await services.GetRequiredService<AuthorizationQueries>().FindAsync(context, added.Id))!;
        });

    public static Task<(RefreshTokenRotation.Outcome Outcome, RefreshToken Successor)> RedeemAsync(
        Node node, RefreshToken token, TimeSpan leeway) =>
        node.DoAsync<IServiceProvider, (RefreshTokenRotation.Outcome, RefreshToken)>(async services =>
            await FindAsync(services, token) is { } authorization
                ? await RedeemAsync(services, token, authorization, node.Clock.GetUtcNow().AddHours(1), leeway)
                : (RefreshTokenRotation.Outcome.Ended, default));

    public static Task<(RefreshTokenRotation.Outcome Outcome, RefreshToken Successor)> RedeemAsync(
        IServiceProvider services, RefreshToken token, AuthorizationSnapshot authorization, DateTimeOffset expiresAt, TimeSpan leeway) =>
        services.GetRequiredService<RefreshTokenRotation>()
            .RedeemAsync(token, authorization, expiresAt, leeway, Source, CancellationToken.None);

    /// <returns>The authorization; null if it has ended. The handler that reads refresh tokens makes the same check.</returns>
    public static async Task<AuthorizationSnapshot?> FindAsync(IServiceProvider services, RefreshToken token) =>
        await services.GetRequiredService<AuthorizationQueries>()
            .FindAsync(services.GetRequiredService<AuthDbContext>(), token.AuthorizationId)
            is { Status: Statuses.Valid, EndedAt: null } authorization ? authorization : null;

    public static async Task<AuthorizationSnapshot> ReadAsync(Node node, Guid authorization) =>
        await node.DoAsync<IServiceProvider, AuthorizationSnapshot>(async services =>
            (await services.GetRequiredService<AuthorizationQueries>()
                .FindAsync(services.GetRequiredService<AuthDbContext>(), authorization))!);

    public static Task<Guid> SessionOfAsync(Node node, RefreshToken token) => node.DoAsync<IServiceProvider, Guid>(async services =>
        (await services.GetRequiredService<AuthorizationQueries>()
            .FindAsync(services.GetRequiredService<AuthDbContext>(), token.AuthorizationId))!.SessionId);

    private static async Task<(Client, ClientPolicy)> ClientAsync(IServiceProvider services, AuthDbContext context, string id)
    {
        var cache = services.GetRequiredService<ClientCache>();
        if (await cache.FindAsync(context, id, CancellationToken.None) is { } known)
        {
            return known;
        }

        await services.GetRequiredService<IOpenIddictApplicationManager>()
            .CreateAsync(new OpenIddictApplicationDescriptor { ClientId = id, ClientType = ClientTypes.Public });
        return (await cache.FindAsync(context, id, CancellationToken.None))!.Value;
    }
}
