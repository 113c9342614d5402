using System.Net;
using System.Net.Sockets;
using AuthServer.Mail;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Mail;

/// <summary>A mail server or a recipient that does not reply must not delay other mails.</summary>
public sealed class SlowMailTests
{
    [Fact]
    public async Task Recipients_that_hang_delay_no_other_mail()
    {
        await using var server = MailServer.Started();
        server.SlowDomain = "slow.example";
        await using var app = await AuthServerApp.StartAsync([.. server.Settings, ("Mail:Timeout", "00:00:06")]);
        var slow = Enumerable.Range(0, 60).Select(number => Post.Notice(new Recipient($"person{number}@slow.example", null, null)));

        await app.LeaveAsync([.. slow, Post.Notice(Post.Alice), Post.Notice(Post.Minji)]);

        await app.UntilAsync(() => server.Taken.Count is 2);
        await app.UntilAsync(() => app.WaitingAsync().GetAwaiter().GetResult() is 60);

        // Only the mails to this domain are postponed, because the mail server itself answers.
        await app.UntilAsync(() => app.Log.Any(line =>
            line.Contains("slow.example", StringComparison.Ordinal) && line.Contains("is tried again at", StringComparison.Ordinal)));
        Assert.False(app.Logged("Mail cannot be handed over"));
        await app.LeaveAsync(Post.Reset(Post.Alice));
        await app.UntilAsync(() => server.Taken.Count is 3);
    }

    [Fact]
    public async Task Mails_to_one_recipient_arrive_in_their_order()
    {
        await using var server = MailServer.Started();
        await using var app = await AuthServerApp.StartAsync(server.Settings);
        for (var number = 0; number < 6; number++)
        {
            await app.LeaveAsync(number % 2 is 0 ? Post.Notice(Post.Alice) : Post.Reset(Post.Alice));
            app.Clock.Advance(TimeSpan.FromMilliseconds(10));
        }

        await app.UntilAsync(() => server.Taken.Count is 6);

        var subjects = server.Taken.Select(mail => mail.Subject).ToList();
        Assert.Equal(2, subjects.Distinct().Count());
        Assert.Equal(subjects.Where((_, index) => index % 2 is 0).Distinct().Single(), subjects[0]);
        Assert.Equal(subjects.Where((_, index) => index % 2 is 1).Distinct().Single(), subjects[1]);
    }

    [Fact]
    public async Task A_server_that_hangs_gets_one_mail_at_a_time_until_it_answers()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var connections = new List<TcpClient>();
        var accepting = AcceptAsync();
        await using (var app = await AuthServerApp.StartAsync(
            ("Mail:Host", "127.0.0.1"), ("Mail:Port", $"{((IPEndPoint)silent.LocalEndpoint).Port}"), ("Mail:Security", "None"),
            ("Mail:Timeout", "00:00:01")))
        {
            await app.LeaveAsync(
                Enumerable.Range(0, 40).Select(number => Post.Notice(new Recipient($"person{number}@domain{number}.example", null, null))));
            await app.UntilAsync(() => app.Logged("Mail cannot be handed over"), TimeSpan.FromSeconds(5));
            await app.UntilAsync(() => connections.Count > MailLanes.AtOnce + 1, TimeSpan.FromSeconds(20));

            // First, as many mails as are sent in parallel find the server silent. After that, one mail at a time tries.
            Assert.InRange(connections.Count, MailLanes.AtOnce + 2, MailLanes.AtOnce + 4);
            Assert.Single(app.Log, line => line.Contains("Mail cannot be handed over", StringComparison.Ordinal));
            Assert.Equal(40, await app.WaitingAsync());
        }

        silent.Stop();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        connections.ForEach(connection => connection.Dispose());

        async Task AcceptAsync()
        {
            while (true)
            {
                connections.Add(await silent.AcceptTcpClientAsync());
            }
        }
    }
}
