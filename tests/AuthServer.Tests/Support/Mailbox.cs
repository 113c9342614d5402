using MimeKit;

namespace AuthServer.Tests.Support;

/// <summary>The mails to an address, in the order of their arrival.</summary>
internal sealed class Mailbox(AuthServerApp app, string address)
{
    private readonly HashSet<string> read = [];

    public async Task<MimeMessage> NextAsync()
    {
        for (var count = 0; count < 200; count++)
        {
            foreach (var file in Files())
            {
                var mail = await MimeMessage.LoadAsync(file);
                if (mail.To.Mailboxes.Single().Address == address && read.Add(file))
                {
                    return mail;
                }
            }

            await Task.Delay(50);
        }

        throw new TimeoutException($"No mail to {address} within 10 seconds.");
    }

    /// <summary>The link in the next mail that leads to this path, as a path within the server.</summary>
    public async Task<string> NextLinkAsync(string path = "/")
    {
        while (true)
        {
            if (Find(await NextAsync()) is { } link && link.StartsWith(path, StringComparison.Ordinal))
            {
                return link;
            }
        }
    }

    /// <summary>The link in the next mail whose subject begins so.</summary>
    public async Task<string> NextLinkOfAsync(string subject)
    {
        while (true)
        {
            var mail = await NextAsync();
            if (mail.Subject!.StartsWith(subject, StringComparison.Ordinal))
            {
                return LinkOf(mail);
            }
        }
    }

    public static string LinkOf(MimeMessage mail) => Find(mail) ?? throw new InvalidOperationException($"{mail.Subject}: no link");

    private static string? Find(MimeMessage mail) =>
        mail.TextBody!.Split(['\n', ' ']).Select(word => word.Trim())
            .SingleOrDefault(word => word.StartsWith("http://localhost:8400/", StringComparison.Ordinal))
            ?["http://localhost:8400".Length..];

    /// <summary>Asserts that no mail has come, after a short wait in which one could have come.</summary>
    public async Task AssertEmptyAsync()
    {
        await Task.Delay(700);
        foreach (var file in Files().Except(read))
        {
            Assert.NotEqual(address, (await MimeMessage.LoadAsync(file)).To.Mailboxes.Single().Address);
        }
    }

    private IEnumerable<string> Files() =>
        Directory.Exists(app.MailFolder) ? Directory.GetFiles(app.MailFolder, "*.eml").Order(StringComparer.Ordinal) : [];
}
