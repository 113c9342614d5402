using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AuthServer.Mail;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Mail;

public sealed class OutageTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Mails_wait_while_the_mail_server_is_away_and_arrive_when_it_is_back()
    {
        await using var server = new MailServer();
        await using var app = await AuthServerApp.StartAsync(server.Settings);

        await app.LeaveAsync(Post.Notice(Post.Alice), Post.Notice(Post.Minji));
        await app.UntilAsync(() => app.Logged("Mail cannot be handed over"), Step);
        await app.UntilAsync(() => app.CountAsync("SELECT MAX(Attempts) FROM Mails").GetAwaiter().GetResult() >= 3, Step);
        Assert.Single(app.Log, line => line.Contains("cannot be handed over", StringComparison.Ordinal));
        Assert.Equal(2, await app.WaitingAsync());
        server.Start();

        await app.UntilAsync(() => server.Taken.Count is 2, Step);
        await app.UntilAsync(() => app.Logged("Mail can be handed over again"), Step);
    }

    [Fact]
    public void The_time_between_attempts_grows_up_to_an_hour() =>
        Assert.Equal(
            [1, 2, 4, 8, 16, 32, 60, 60], Enumerable.Range(1, 8).Select(attempts => MailDelivery.Retries.After(attempts).TotalMinutes));

    [Fact]
    public async Task A_mail_is_given_up_after_its_time_with_an_error_in_the_log()
    {
        await using var server = new MailServer();
        await using var app = await AuthServerApp.StartAsync([.. server.Settings, ("Mail:GiveUpAfter", "03:00:00")]);

        await app.LeaveAsync(Post.Notice(Post.Alice));
        await app.UntilAsync(() => app.Logged("is given up after"), TimeSpan.FromMinutes(5));

        Assert.Equal(0, await app.WaitingAsync());
        var line = Assert.Single(app.Log, line => line.Contains("is given up after", StringComparison.Ordinal));
        Assert.Contains("\"@l\":\"Error\"", line, StringComparison.Ordinal);
        Assert.Contains("example.test", line, StringComparison.Ordinal);
        Assert.DoesNotContain("alice", line, StringComparison.OrdinalIgnoreCase);
        server.Start();
        app.Clock.Advance(TimeSpan.FromHours(2));
        await app.LeaveAsync(Post.Notice(Post.Minji));
        await app.UntilAsync(() => server.Taken.Count > 0, Step);
        Assert.Equal(Post.Minji.Address, Assert.Single(server.Taken).To.Mailboxes.Single().Address);
    }

    [Fact]
    public async Task A_mail_whose_link_has_expired_is_not_sent()
    {
        await using var server = new MailServer();
        await using var app = await AuthServerApp.StartAsync(server.Settings);

        await app.LeaveAsync(Post.Reset(Post.Alice));
        await app.UntilAsync(() => app.Logged("Mail cannot be handed over"));
        app.Clock.Advance(Post.ValidFor);
        server.Start();

        await app.UntilAsync(() => app.Logged("is given up after"), Step);
        Assert.Empty(server.Taken);
    }

    [Fact]
    public async Task A_restart_loses_no_mail()
    {
        await using var server = new MailServer();
        await using var app = await AuthServerApp.StartAsync(server.Settings);
        await app.LeaveAsync(Post.Notice(Post.Alice), Post.Notice(Post.Minji));
        await app.UntilAsync(() => app.Logged("Mail cannot be handed over"));
        await app.StopAsync();
        server.Start();

        await using var next = AuthServerApp.Beside(app, server.Settings);

        await next.UntilAsync(() => server.Taken.Count is 2, Step);
        await next.UntilAsync(() => next.WaitingAsync().GetAwaiter().GetResult() is 0);
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_mail_server_that_does_not_answer()
    {
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        await using var app = await AuthServerApp.StartAsync(
            ("Mail:Host", "127.0.0.1"), ("Mail:Port", $"{((IPEndPoint)mute.LocalEndpoint).Port}"));
        await app.LeaveAsync(Post.Notice(Post.Alice));
        using var connection = await mute.AcceptTcpClientAsync();

        var stopped = Stopwatch.GetTimestamp();
        await app.StopAsync();

        Assert.InRange(Stopwatch.GetElapsedTime(stopped), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal(
            1, await app.CountAsync($"SELECT COUNT(*) FROM Mails WHERE Attempts = 0 AND DueAt <= {app.Clock.GetUtcNow().UtcTicks}"));
        Assert.DoesNotContain(app.Log, line => line.Contains("\"@l\":\"Error\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_database_outage_is_logged_once_and_the_mail_is_sent_afterwards()
    {
        await using var app = await AuthServerApp.StartAsync();
        app.LoseDatabase();
        await app.UntilAsync(() => app.Logged("Cannot read due mails from the database"), Step);
        app.FindDatabase();

        await app.LeaveAsync(Post.Notice(Post.Alice));
        await app.UntilAsync(() => app.MailFiles().Length is 1, Step);
        Assert.Single(app.Log, line => line.Contains("Cannot read due mails from the database", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_nodes_send_each_mail_once()
    {
        const int Count = 60;
        await using var server = MailServer.Started();
        await using var app = await AuthServerApp.StartAsync(server.Settings);
        await using var other = AuthServerApp.Beside(app, server.Settings);

        await app.LeaveAsync(
            Enumerable.Range(0, Count).Select(number => Post.Notice(new Recipient($"person{number}@example.test", null, null))));
        for (var patience = 0; await app.WaitingAsync() > 0; patience++)
        {
            Assert.True(patience < 300, string.Join('\n', app.Log.TakeLast(5)));
            other.Clock.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(50);
        }

        Assert.Equal(Count, server.Taken.Count);
        Assert.Equal(Count, server.Taken.Select(mail => mail.To.Mailboxes.Single().Address).Distinct().Count());
        Assert.True(app.Logged("was handed over") && other.Logged("was handed over"), "Only one node had anything to do.");
    }
}
