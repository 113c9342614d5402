using AuthServer.Mail;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Mail;

public sealed class FolderTests
{
    [Fact]
    public async Task Each_mail_is_a_file_in_the_order_of_sending_that_only_the_server_can_read()
    {
        await using var app = await AuthServerApp.StartAsync();
        for (var count = 1; count <= 3; count++)
        {
            await app.LeaveAsync(Post.Reset(new Recipient($"person{count}@example.test", null, null)));
            await app.UntilAsync(() => app.MailFiles().Length == count);
            app.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        var mails = await app.ReadFolderAsync();

        Assert.Equal(
            ["person1@example.test", "person2@example.test", "person3@example.test"],
            mails.Select(mail => mail.To.Mailboxes.Single().Address));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(app.MailFolder));
            foreach (var file in app.MailFiles())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }
        }
    }

    [Fact]
    public async Task Mails_in_the_same_instant_do_not_overwrite_each_other()
    {
        await using var app = await AuthServerApp.StartAsync();

        Letter[] letters = [.. Post.OfEachKind(Post.Alice), .. Post.OfEachKind(Post.Minji)];

        await app.LeaveAsync(letters);
        await app.UntilAsync(() => app.MailFiles().Length == letters.Length);

        Assert.All(await app.ReadFolderAsync(), mail => Assert.True(mail is { TextBody.Length: > 50, HtmlBody.Length: > 500 }));
        Assert.Equal(letters.Length, Directory.GetFiles(app.MailFolder).Length);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_to_counts_as_a_mail_server_that_is_away()
    {
        await using var app = await AuthServerApp.StartAsync();
        await File.WriteAllTextAsync(app.MailFolder, "in the way");
        await app.LeaveAsync(Post.Reset(Post.Alice));
        await app.UntilAsync(() => app.Logged("Mail cannot be handed over"));

        File.Delete(app.MailFolder);

        await app.UntilAsync(() => app.MailFiles().Length is 1, TimeSpan.FromSeconds(20));
    }
}
