using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using AuthServer.Logout;
using AuthServer.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.DatabaseTests.Logout;

public abstract class LogoutDeliveryTests(TestDatabase database) : ProviderTests(database)
{
    private static readonly TimeSpan Downtime = TimeSpan.FromDays(2);

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public async Task After_days_of_downtime_an_app_that_was_away_is_told_of_each_session(int count)
    {
        using var app = new LogoutApp { Answers = false };
        var node = await NodeAsync();
        await AddNoticesAsync(node, await AddClientAsync(node, app), count);
        await SendAsync(node);
        var calls = app.Calls;
        Assert.InRange(calls, 1, LogoutLanes.CallsAtOnce);

        app.Answers = true;
        node.Clock.Advance(Downtime);
        await SendAsync(node);

        Assert.Equal(calls + count, app.Calls);
    }

    [Fact]
    public async Task Late_notices_to_an_app_that_is_away_do_not_call_it_for_each()
    {
        using var app = new LogoutApp { Answers = false };
        var node = await NodeAsync();
        await AddNoticesAsync(node, await AddClientAsync(node, app), 40);
        node.Clock.Advance(Downtime);

        await SendAsync(node);

        Assert.InRange(app.Calls, 1, LogoutLanes.CallsAtOnce);
        Assert.Equal(0, await node.DoAsync<AuthDbContext, int>(context => context.LogoutNotices.CountAsync()));
    }

    [Fact]
    public async Task The_last_attempt_is_made_when_the_time_is_over()
    {
        using var app = new LogoutApp { Answers = false };
        var node = await NodeAsync();
        await AddNoticesAsync(node, await AddClientAsync(node, app), 1);
        var end = node.Clock.GetUtcNow() + LogoutDelivery.GiveUpAfter;
        while (node.Clock.GetUtcNow() < end)
        {
            await SendAsync(node);
            node.Clock.SetUtcNow(await node.DoAsync<AuthDbContext, DateTimeOffset>(
                context => context.LogoutNotices.Select(row => row.DueAt).SingleAsync()));
        }

        var calls = app.Calls;
        app.Answers = true;
        await SendAsync(node);

        Assert.Equal(calls + 1, app.Calls);
    }

    [Fact]
    public async Task A_client_that_is_deleted_between_claim_and_call_is_not_an_error()
    {
        using var app = new LogoutApp();
        var node = await NodeAsync();
        var client = await AddClientAsync(node, app);
        await AddNoticesAsync(node, client, 1);
        var notice = Assert.Single(await TakeAsync(node));
        await node.DoAsync<AuthDbContext, int>(context => context.Set<Client>().Where(row => row.Id == client).ExecuteDeleteAsync());

        var delivery = await node.DoAsync<LogoutDelivery, Delivery>(service => service.SendAsync(notice, CancellationToken.None));

        Assert.Equal(DeliveryOutcome.Refused, delivery.Outcome);
        Assert.Equal(0, app.Calls);
    }

    private static async Task SendAsync(Node node)
    {
        while (await TakeAsync(node) is { Count: > 0 } taken)
        {
            foreach (var notice in taken)
            {
                await node.DoAsync<LogoutDelivery, Delivery>(delivery => delivery.SendAsync(notice, CancellationToken.None));
            }
        }
    }

    private static Task<IReadOnlyList<LogoutNotice>> TakeAsync(Node node) =>
        node.DoAsync<LogoutDelivery, IReadOnlyList<LogoutNotice>>(delivery => delivery.TakeAsync(int.MaxValue, CancellationToken.None));

    private static async Task<Guid> AddClientAsync(Node node, LogoutApp app)
    {
        await node.Keys.LoadAsync(CancellationToken.None);
        var id = $"app{Guid.CreateVersion7():N}";
        return await node.DoAsync<IServiceProvider, Guid>(async services =>
        {
            var context = services.GetRequiredService<AuthDbContext>();
            await context.LogoutNotices.ExecuteDeleteAsync();
            var descriptor = new OpenIddictApplicationDescriptor { ClientId = id, ClientType = ClientTypes.Public };
            descriptor.Settings[ClientPolicy.BackChannelLogoutSetting] = app.Address;
            await services.GetRequiredService<IOpenIddictApplicationManager>().CreateAsync(descriptor);
            return await context.Set<Client>().Where(row => row.ClientId == id).Select(row => row.Id).SingleAsync();
        });
    }

    private static Task AddNoticesAsync(Node node, Guid client, int count) => node.DoAsync<AuthDbContext>(async context =>
    {
        var now = node.Clock.GetUtcNow();
        context.LogoutNotices.AddRange(Enumerable.Range(0, count).Select(_ => new LogoutNotice
        {
            ApplicationId = client,
            SessionId = Guid.CreateVersion7(),
            Subject = "somebody",
            CreatedAt = now,
            DueAt = now,
        }));
        await context.SaveChangesAsync();
    });

    public sealed class OnSqlite(SqliteDatabase database) : LogoutDeliveryTests(database), IClassFixture<SqliteDatabase>;

    public sealed class OnPostgres(PostgresDatabase database) : LogoutDeliveryTests(database), IClassFixture<PostgresDatabase>;

    public sealed class OnSqlServer(SqlServerDatabase database) : LogoutDeliveryTests(database), IClassFixture<SqlServerDatabase>;
}
