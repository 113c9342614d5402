using AuthServer.Connect.Refresh;
using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using static AuthServer.Connect.Refresh.RefreshTokenRotation.Outcome;

namespace AuthServer.DatabaseTests.Sessions;

public abstract class SessionEndTests(TestDatabase database) : ProviderTests(database)
{
    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task More_sessions_than_one_batch_each_end_once_and_those_of_others_go_on()
    {
        const int Many = 1201;
        var node = await NodeAsync();
        var (mine, others) = (await SignIns.AddUserAsync(node), await SignIns.BeginAsync(node));
        await node.DoAsync<AuthDbContext>(async context =>
        {
            context.AddRange(Enumerable.Range(0, Many).Select(_ => Session(node, mine.Id)));
            await context.SaveChangesAsync();
        });

        Assert.Equal(Many, await EndAsync());
        Assert.Equal(0, await EndAsync());

        Assert.Equal((Many, Many), await node.DoAsync<AuthDbContext, (int, int)>(async context => (
            await context.Sessions.CountAsync(session => session.UserId == mine.Id && session.EndReason == SessionEndReasons.UserDisabled),
            await context.SessionEvents.CountAsync(entry => entry.Kind == SessionEventKind.Revoked
                && context.Sessions.Any(session => session.Id == entry.SessionId && session.UserId == mine.Id)))));
        Assert.Equal(Redeemed, (await SignIns.RedeemAsync(node, others, Leeway)).Outcome);

        Task<int> EndAsync() => node.DoAsync<SessionEnd, int>(
            sessions => sessions.EndOfUserAsync(mine.Id, SessionEndReasons.UserDisabled, CancellationToken.None));
    }

    [Fact]
    public async Task Deleting_a_user_deletes_the_sessions_families_and_lineage()
    {
        var node = await NodeAsync();
        var user = await SignIns.AddUserAsync(node);
        var token = await SignIns.BeginAsync(node, user);
        var session = await SignIns.SessionOfAsync(node, token);

        await node.DoAsync<UserManager<User>>(
            async users => Assert.True((await users.DeleteAsync((await users.FindByIdAsync($"{user.Id}"))!)).Succeeded));

        Assert.Equal(Ended, (await SignIns.RedeemAsync(node, token, Leeway)).Outcome);
        Assert.Equal((false, false, false), await LeftAsync(node, token, session));
    }

    [Fact]
    public async Task Deleting_a_client_deletes_its_families_and_keeps_the_sessions()
    {
        var node = await NodeAsync();
        var token = await SignIns.BeginAsync(node, client: "gone");
        var session = await SignIns.SessionOfAsync(node, token);

        await node.DoAsync<IOpenIddictApplicationManager>(async clients =>
            await clients.DeleteAsync((await clients.FindByClientIdAsync("gone"))!));

        Assert.Equal(Ended, (await SignIns.RedeemAsync(node, token, Leeway)).Outcome);
        Assert.Equal((true, false, true), await LeftAsync(node, token, session));
    }

    private static Session Session(Node node, Guid user) => new()
    {
        UserId = user,
        CreatedAt = node.Clock.GetUtcNow(),
        AuthenticatedAt = node.Clock.GetUtcNow(),
        LastSeenAt = node.Clock.GetUtcNow(),
        ExpiresAt = node.Clock.GetUtcNow().AddDays(1),
        Methods = "pwd",
        SecurityStamp = "",
    };

    private static Task<(bool Session, bool Authorization, bool Events)> LeftAsync(Node node, RefreshToken token, Guid session) =>
        node.DoAsync<AuthDbContext, (bool, bool, bool)>(async context => (
            await context.Sessions.AnyAsync(row => row.Id == session),
            await context.Authorizations.AnyAsync(row => row.Id == token.AuthorizationId),
            await context.SessionEvents.AnyAsync(row => row.SessionId == session)));

    public sealed class OnSqlite(SqliteDatabase database) : SessionEndTests(database), IClassFixture<SqliteDatabase>;

    public sealed class OnPostgres(PostgresDatabase database) : SessionEndTests(database), IClassFixture<PostgresDatabase>;

    public sealed class OnSqlServer(SqlServerDatabase database) : SessionEndTests(database), IClassFixture<SqlServerDatabase>;
}
