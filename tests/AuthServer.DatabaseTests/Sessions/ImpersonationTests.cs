using AuthServer.Administration;
using AuthServer.Audit;
using AuthServer.Clients;
using AuthServer.Connect.Refresh;
using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using AuthServer.Protocol;
using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AuthServer.DatabaseTests.Sessions;

/// <summary>Administrators who act as users, on each provider.</summary>
public abstract class ImpersonationTests(TestDatabase database) : ProviderTests(database)
{
    [Fact]
    public async Task Of_concurrent_uses_of_a_link_one_begins_the_session()
    {
        var node = await StartAsync();
        var offer = await OfferAsync(node);

        var begun = await Together.RunAsync(8, _ => BeginAsync(node, offer));

        Assert.Single(begun, isBegun => isBegun);
        Assert.Equal(1, await node.DoAsync<AuthDbContext, int>(context => context.Set<AuditEvent>().CountAsync(
            entry => entry.Action == AuditActions.ImpersonationStarted && entry.TargetId == offer.Id.ToString())));
    }

    [Fact]
    public async Task Its_tokens_end_with_the_users_credentials_and_the_administrators_rights()
    {
        var node = await StartAsync();
        var offer = await OfferAsync(node);
        Assert.True(await BeginAsync(node, offer));
        var (authorization, token) = await node.DoAsync<IServiceProvider, (Guid, string)>(async services =>
        {
            var context = services.GetRequiredService<AuthDbContext>();
            var user = await context.Users.AsNoTracking().SingleAsync(row => row.Id == offer.User);
            var client = await context.Set<Client>().FirstAsync(row => row.ClientId == SignIns.Client);
            var signIn = new SignIn(user, [], node.Clock.GetUtcNow(), []) { Actor = offer.Administrator };
            var added = services.GetRequiredService<AuthorizationWriter>().Prepare(offer.Id, signIn, client, ["openid"], node.Clock.GetUtcNow());
            await context.SaveChangesAsync();
            return (added.Id, AccessTokenId.New(added.Id));
        });

        var snapshot = await SignIns.ReadAsync(node, authorization);
        Assert.Equal((offer.Administrator, null), (snapshot.SignIn.Actor, snapshot.ReasonToEnd));
        Assert.Equal(node.Clock.GetUtcNow() + offer.Duration, snapshot.Within(DateTimeOffset.MaxValue));
        Assert.Equal((true, true), await StandingAsync());

        await node.DoAsync<AuthDbContext>(context => context.RoleClaims.ExecuteDeleteAsync());
        Assert.Equal((true, false), await StandingAsync());

        await node.DoAsync<AuthDbContext>(context => context.Users.Where(row => row.Id == offer.User)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.SecurityStamp, "other")));
        Assert.Equal((false, false), await StandingAsync());
        Assert.Equal(SessionEndReasons.CredentialsChanged, (await SignIns.ReadAsync(node, authorization)).ReasonToEnd);

        Task<(bool, bool)> StandingAsync() => node.DoAsync<IServiceProvider, (bool, bool)>(async services =>
        {
            var standing = await services.GetRequiredService<AuthorizationQueries>()
                .StandingOfAsync(services.GetRequiredService<AuthDbContext>(), token);
            return (
                standing.IsActive,
                await services.GetRequiredService<ImpersonationCheck>().HoldsAsync(standing.Impersonation!, CancellationToken.None));
        });
    }

    [Fact]
    public async Task What_is_over_is_ended_in_the_background()
    {
        var node = await StartAsync();
        var (over, living) = (await OfferAsync(node), await OfferAsync(node, TimeSpan.FromMinutes(30)));
        Assert.True(await BeginAsync(node, over));
        Assert.True(await BeginAsync(node, living));
        node.Clock.Advance(over.Duration);

        var service = node.Services.GetServices<IHostedService>().OfType<ImpersonationService>().Single();
        await service.StartAsync(CancellationToken.None);
        for (var patience = 0; await ReasonAsync(over.Id) is null; patience++)
        {
            Assert.True(patience < 200, "it has not ended");
            await Task.Delay(50);
        }

        await service.StopAsync(CancellationToken.None);
        Assert.Equal(SessionEndReasons.ImpersonationOver, await ReasonAsync(over.Id));
        Assert.Null(await ReasonAsync(living.Id));

        Task<string?> ReasonAsync(Guid id) => node.DoAsync<AuthDbContext, string?>(
            context => context.Sessions.Where(row => row.Id == id).Select(row => row.EndReason).SingleAsync());
    }

    private async Task<Node> StartAsync()
    {
        var node = NodeOn(await Database.MigratedAsync(), null, ("Impersonation:Enabled", "true")).WithKeys();
        await SignIns.AddClientAsync(node);
        return node;
    }

    // A user, and an administrator who is signed in and may act as anybody.
    private static async Task<ImpersonationOffer> OfferAsync(Node node, TimeSpan? duration = null)
    {
        var (administrator, user) = (await SignIns.AddUserAsync(node), await SignIns.AddUserAsync(node));
        var session = await SignIns.SessionOfAsync(node, await SignIns.BeginAsync(node, administrator));
        await node.DoAsync<AuthDbContext>(async context =>
        {
            var role = new Role { Id = Guid.CreateVersion7(), Name = $"r{user.Id:N}", NormalizedName = $"R{user.Id:N}" };
            context.Add(role);
            context.Add(new IdentityRoleClaim<Guid>
            {
                RoleId = role.Id,
                ClaimType = RolePermissions.ScopeClaim,
                ClaimValue = AdminScopes.UsersImpersonate,
            });
            context.Add(new IdentityUserRole<Guid> { RoleId = role.Id, UserId = administrator.Id });
            await context.SaveChangesAsync();
            await context.Users.Where(row => row.Id == user.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.EmailConfirmed, true));
        });
        return new(Guid.CreateVersion7(), administrator.Id, session, user.Id, "a reason", duration ?? TimeSpan.FromMinutes(10));
    }

    private static Task<bool> BeginAsync(Node node, ImpersonationOffer offer) => node.DoAsync<IServiceProvider, bool>(async services =>
    {
        var impersonations = services.GetRequiredService<Impersonations>();
        var context = services.GetRequiredService<AuthDbContext>();
        var user = await impersonations.FindUserAsync(offer, CancellationToken.None);
        var session = await context.Sessions.AsNoTracking().SingleAsync(row => row.Id == offer.Session);
        var administrator = await context.Users.AsNoTracking().SingleAsync(row => row.Id == offer.Administrator);
        return await impersonations.TryBeginAsync(
            new DefaultHttpContext { RequestServices = services },
            new BrowserSession(session, administrator, []) { IsRemembered = false }, offer, user!);
    });

    public sealed class OnSqlite(SqliteDatabase database) : ImpersonationTests(database), IClassFixture<SqliteDatabase>;

    public sealed class OnPostgres(PostgresDatabase database) : ImpersonationTests(database), IClassFixture<PostgresDatabase>;

    public sealed class OnSqlServer(SqlServerDatabase database) : ImpersonationTests(database), IClassFixture<SqlServerDatabase>;
}
