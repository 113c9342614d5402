using System.Collections.Concurrent;
using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using AuthServer.Mail;
using AuthServer.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;

namespace AuthServer.DatabaseTests.Mail;

public abstract class MailDeliveryTests(TestDatabase database) : ProviderTests(database)
{
    private static readonly Occasion Occasion = new(DateTimeOffset.UnixEpoch, null, null);

    [Fact]
    public async Task Nodes_that_send_at_the_same_time_send_each_mail_once()
    {
        const int Count = 40;
        var transport = new Transport();
        var connection = await Database.MigratedAsync();
        Node[] nodes = [NodeOn(connection, transport.Use), NodeOn(connection, transport.Use), NodeOn(connection, transport.Use)];
        await LeaveAsync(nodes[0], Count);
        var now = nodes[0].Clock.GetUtcNow();
        foreach (var node in nodes[1..])
        {
            node.Clock.SetUtcNow(now > node.Clock.GetUtcNow() ? now : node.Clock.GetUtcNow());
        }

        await Together.RunAsync(nodes.Length, number => SendAsync(nodes[number]));

        Assert.Equal(Count, transport.Sent.Count);
        Assert.Equal(Count, transport.Sent.Distinct().Count());
        Assert.Equal(0, await WaitingAsync(nodes[0]));
    }

    [Fact]
    public async Task A_failed_mail_is_due_later_and_its_row_has_the_reason()
    {
        var transport = new Transport { Next = Delivery.Deferred(new string('x', 1000)) };
        var node = await NodeAsync(transport.Use);
        await LeaveAsync(node, 1);

        await SendAsync(node);
        await SendAsync(node);
        var mail = await node.DoAsync<AuthDbContext, OutgoingMail>(context => context.Mails.SingleAsync());
        Assert.Equal(
            (1, node.Clock.GetUtcNow().AddMinutes(1), OutgoingMail.LongestError), (mail.Attempts, mail.DueAt, mail.LastError!.Length));
        Assert.Empty(transport.Sent);

        transport.Next = Delivery.Done;
        node.Clock.Advance(TimeSpan.FromMinutes(1));
        await SendAsync(node);
        Assert.Single(transport.Sent);
        Assert.Equal(0, await WaitingAsync(node));
    }

    [Fact]
    public async Task Another_node_sends_the_mail_of_a_dead_node_when_its_claim_has_expired()
    {
        var transport = new Transport();
        var node = await NodeAsync(transport.Use);
        await LeaveAsync(node, 1);
        await node.DoAsync<AuthDbContext, int>(context =>
        {
            var until = node.Clock.GetUtcNow() + MailDelivery.Claim;
            return context.Mails.ExecuteUpdateAsync(
                row => row.SetProperty(mail => mail.Attempts, 1).SetProperty(mail => mail.DueAt, until));
        });

        await SendAsync(node);
        Assert.Empty(transport.Sent);

        node.Clock.Advance(MailDelivery.Claim);
        await SendAsync(node);
        Assert.Single(transport.Sent);
    }

    [Fact]
    public async Task A_node_that_stops_leaves_its_mail_to_the_next_node_at_once()
    {
        var transport = new Transport { Next = null };
        var node = await NodeAsync(transport.Use);
        await LeaveAsync(node, 1);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SendAsync(node));
        transport.Next = Delivery.Done;
        await SendAsync(node);

        Assert.Single(transport.Sent);
    }

    private static Task<int> SendAsync(Node node) => node.DoAsync<MailDelivery, int>(async delivery =>
    {
        var count = 0;
        while (await delivery.TakeAsync(MailLanes.AtOnce, CancellationToken.None) is { Count: > 0 } mails)
        {
            count += mails.Count;
            foreach (var mail in mails)
            {
                await delivery.SendAsync(mail, CancellationToken.None);
            }
        }

        return count;
    });

    private static Task<int> WaitingAsync(Node node) => node.DoAsync<AuthDbContext, int>(context => context.Mails.CountAsync());

    private static async Task LeaveAsync(Node node, int count)
    {
        await using var scope = node.Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
        await context.Mails.ExecuteDeleteAsync();
        var outbox = scope.ServiceProvider.GetRequiredService<MailOutbox>();
        for (var number = 0; number < count; number++)
        {
            outbox.Add(Letter.EmailChanged(new Recipient($"person{number}@example.test", null, null), Occasion));
        }

        await context.SaveChangesAsync();
    }

    private sealed class Transport : IMailTransport
    {
        public ConcurrentQueue<string> Sent { get; } = new();

        /// <summary>Null simulates a node that stops.</summary>
        public Delivery? Next { get; set; } = Delivery.Done;

        public void Use(IServiceCollection services)
        {
            services.AddMail();
            services.AddSingleton<IMailTransport>(this);
        }

        public async Task<Delivery> SendAsync(MimeMessage message, CancellationToken stoppingToken)
        {
            await Task.Yield();
            if (Next is { Outcome: DeliveryOutcome.Done })
            {
                Sent.Enqueue(message.To.Mailboxes.Single().Address);
            }

            return Next ?? throw new OperationCanceledException();
        }
    }

    public sealed class OnSqlite(SqliteDatabase database) : MailDeliveryTests(database), IClassFixture<SqliteDatabase>;

    public sealed class OnPostgres(PostgresDatabase database) : MailDeliveryTests(database), IClassFixture<PostgresDatabase>;

    public sealed class OnSqlServer(SqlServerDatabase database) : MailDeliveryTests(database), IClassFixture<SqlServerDatabase>;
}
