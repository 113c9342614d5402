using AuthServer.Clients;
using AuthServer.Connect.Refresh;
using AuthServer.Data;
using AuthServer.Protocol;
using AuthServer.Sessions;
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

    public static readonly Origin Origin = new("192.0.2.7", "Test/1");

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
            var (_, token) = services.GetRequiredService<FamilyStart>().Begin(signIn, row, policy, [Scopes.OfflineAccess], Origin, refreshesByAccessToken: false);
            await context.SaveChangesAsync();
            return token;
        });
    }

    public static Task<(Rotation.Outcome Outcome, RefreshToken Successor)> RedeemAsync(Node node, RefreshToken token, TimeSpan leeway) =>
        node.DoAsync<IServiceProvider, (Rotation.Outcome, RefreshToken)>(async services =>
            await FindAsync(services, token) is { } family
                ? await RedeemAsync(services, token, family, node.Clock.GetUtcNow().AddHours(1), leeway)
                : (Rotation.Outcome.Ended, default));

    public static Task<(Rotation.Outcome Outcome, RefreshToken Successor)> RedeemAsync(
        IServiceProvider services, RefreshToken token, Family family, DateTimeOffset expiresAt, TimeSpan leeway) =>
        services.GetRequiredService<Rotation>().RedeemAsync(token, family, expiresAt, leeway, Origin, CancellationToken.None);

    /// <returns>The family; null if it has ended. The handler that reads refresh tokens makes the same check.</returns>
    public static async Task<Family?> FindAsync(IServiceProvider services, RefreshToken token) =>
        await services.GetRequiredService<FamilyQueries>().FindAsync(services.GetRequiredService<AuthDbContext>(), token.Authorization)
            is { Status: Statuses.Valid, EndedAt: null } family ? family : null;

    public static Task<Guid> SessionOfAsync(Node node, RefreshToken token) => node.DoAsync<IServiceProvider, Guid>(async services =>
        (await services.GetRequiredService<FamilyQueries>().FindAsync(services.GetRequiredService<AuthDbContext>(), token.Authorization))!.SessionId);

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
