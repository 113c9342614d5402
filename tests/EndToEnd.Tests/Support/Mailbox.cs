using MimeKit;

namespace EndToEnd.Tests.Support;

/// <summary>The folder into which the issuer writes its mails.</summary>
public sealed class Mailbox(string folder)
{
    private readonly HashSet<string> read = [];

    /// <summary>The text of the next mail to this address that links to this page, and the link. Waits ten seconds for it.</summary>
    internal async Task<(string Text, string Link)> NextAsync(string recipient, string page)
    {
        for (var count = 0; count < 200; count++)
        {
            foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder, "*.eml") : [])
            {
                using var mail = await MimeMessage.LoadAsync(file);
                if (mail.To.Mailboxes.Single().Address == recipient
                    && mail.TextBody!.Split().SingleOrDefault(
                        word => Uri.TryCreate(word, UriKind.Absolute, out var address) && address.AbsolutePath == page) is { } link
                    && read.Add(file))
                {
                    return (mail.TextBody, link);
                }
            }

            await Task.Delay(50);
        }

        throw new TimeoutException($"No mail to {recipient} with a link to {page}.");
    }
}
