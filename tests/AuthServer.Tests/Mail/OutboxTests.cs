using AuthServer.Data;
using AuthServer.Mail;
using AuthServer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.Mail;

public sealed class OutboxTests
{
    [Fact]
    public async Task A_mail_is_sent_after_the_commit_of_its_transaction_and_not_before()
    {
        await using var app = await AuthServerApp.StartAsync();
        await using (var scope = app.Services.CreateAsyncScope())
        {
            var context = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
            var outbox = scope.ServiceProvider.GetRequiredService<MailOutbox>();
            await using (await context.Database.BeginTransactionAsync())
            {
                outbox.Add(Post.Reset(Post.Minji));
                await context.SaveChangesAsync();
            }
        }

        await app.LeaveAsync(Post.Reset(Post.Alice));
        await app.UntilAsync(() => app.MailFiles().Length > 0);

        Assert.Equal(Post.Alice.Address, Assert.Single(await app.ReadFolderAsync()).To.Mailboxes.Single().Address);
    }

    [Fact]
    public async Task A_mail_stored_by_another_node_is_sent_within_seconds()
    {
        await using var app = await AuthServerApp.StartAsync();
        await using (var scope = app.Services.CreateAsyncScope())
        {
            scope.ServiceProvider.GetRequiredService<MailOutbox>().Add(Post.Reset(Post.Alice));
            await scope.ServiceProvider.GetRequiredService<AuthDbContext>().SaveChangesAsync();
        }

        var before = app.Clock.GetUtcNow();
        await app.UntilAsync(() => app.MailFiles().Length is 1, TimeSpan.FromSeconds(1));
        Assert.InRange(app.Clock.GetUtcNow() - before, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_stored_mail_is_unreadable_and_the_log_contains_nothing_of_it()
    {
        await using var server = new MailServer();
        await using var app = await AuthServerApp.StartAsync(server.Settings);

        await app.LeaveAsync(Post.Reset(Post.Alice));
        await app.UntilAsync(() => app.Logged("Mail cannot be handed over"));

        foreach (var secret in new[] { "CfDJ8secret", "auth.example/account", "Alice Kim", "192.0.2.7", "Firefox" })
        {
            Assert.Equal(
                0,
                await app.CountAsync($"SELECT COUNT(*) FROM Mails WHERE ProtectedLetter LIKE '%{secret}%' OR LastError LIKE '%{secret}%'"));
            Assert.False(app.Logged(secret));
        }

        Assert.Equal(1, await app.CountAsync(
            "SELECT COUNT(*) FROM Mails WHERE Recipient = 'alice@example.test' AND Kind = 'ResetPassword' AND Language = 'en'"));
        Assert.False(app.Logged("alice@"));
    }

    [Fact]
    public async Task A_change_of_the_address_in_the_database_does_not_redirect_the_link()
    {
        await using var server = new MailServer();
        await using var app = await AuthServerApp.StartAsync(server.Settings);
        await app.LeaveAsync(Post.Notice(Post.Alice));
        await app.UntilAsync(() => app.Logged("Mail cannot be handed over"));

        await app.SqlAsync("UPDATE Mails SET Recipient = 'mallory@example.test'");
        server.Start();
        await app.UntilAsync(() => server.Taken.Count is 1, TimeSpan.FromSeconds(30));

        Assert.Equal(Post.Alice.Address, Assert.Single(server.Taken).To.Mailboxes.Single().Address);
    }

    [Fact]
    public async Task A_mail_that_can_no_longer_be_decrypted_does_not_block_the_others()
    {
        await using var server = new MailServer();
        await using var app = await AuthServerApp.StartAsync(server.Settings);
        await app.LeaveAsync(Post.Notice(Post.Alice));
        await app.UntilAsync(() => app.Logged("Mail cannot be handed over"));
        await app.SqlAsync("UPDATE Mails SET ProtectedLetter = 'CfDJ8AAAA'");
        server.Start();

        await app.LeaveAsync(Post.Notice(Post.Minji));
        await app.UntilAsync(() => server.Taken.Count is 1, TimeSpan.FromSeconds(30));
        await app.UntilAsync(() => app.Logged("it cannot be read"), TimeSpan.FromSeconds(30));

        Assert.Equal(1, await app.WaitingAsync());
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("alice@example.test\r\nBcc: mallory@example.test")]
    [InlineData("alice@example.test, mallory@example.test")]
    [InlineData("Alice <alice@example.test>")]
    [InlineData("")]
    public async Task An_account_with_an_invalid_address_gets_no_mail_and_causes_no_error(string address)
    {
        await using var app = await AuthServerApp.StartAsync();

        await app.LeaveAsync(Post.Reset(new Recipient(address, "Alice", "en")));

        Assert.Equal(0, await app.WaitingAsync());
        Assert.True(app.Logged("no mail can be sent to the account's address"));
    }

    [Fact]
    public async Task Outside_Development_without_server_and_folder_mail_is_off_and_the_log_says_so_once()
    {
        await using var app = await AuthServerApp.StartAsync(
            ("environment", "Production"), ("Keys:AllowUnprotectedKeyRing", "true"), ("Connect:Issuer", "http://localhost:8400/"),
            ("Mail:Folder", ""));

        await app.LeaveAsync(Post.Reset(Post.Alice));

        Assert.False(app.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<MailOptions>>().Value.IsOn);
        Assert.Single(app.Log, line => line.Contains("Mail is off", StringComparison.Ordinal));
        Assert.Equal(0, await app.WaitingAsync());
    }

    [Fact]
    public async Task A_link_that_is_not_a_web_address_throws()
    {
        await using var app = await AuthServerApp.StartAsync();
        await using var scope = app.Services.CreateAsyncScope();
        var outbox = scope.ServiceProvider.GetRequiredService<MailOutbox>();

        Assert.Throws<ArgumentException>(() => outbox.Add(Post.Reset(Post.Alice) with { Link = new Uri("javascript:alert(1)") }));
        Assert.Throws<ArgumentException>(
            () => outbox.Add(Post.Reset(Post.Alice) with { Link = new Uri("/account/reset", UriKind.Relative) }));
    }
}
