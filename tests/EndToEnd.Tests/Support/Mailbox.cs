using MimeKit;

namespace EndToEnd.Tests.Support;

/// <summary>The folder that the issuer's mails come into.</summary>
public sealed class Mailbox(string folder)
{
    /// <summary>Where the mail to this address leads that has a link to this page. Waits for it for ten seconds.</summary>
    internal async Task<string> LinkAsync(string recipient, string page)
    {
        for (var count = 0; count < 200; count++)
        {
            foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder, "*.eml") : [])
            {
                using var mail = await MimeMessage.LoadAsync(file);
                if (mail.To.Mailboxes.Single().Address == recipient
                    && mail.TextBody!.Split().SingleOrDefault(word => Uri.TryCreate(word, UriKind.Absolute, out var address) && address.AbsolutePath == page) is { } link)
                {
                    return link;
                }
            }

            await Task.Delay(50);
        }

        throw new TimeoutException($"No mail to {recipient} with a link to {page}.");
    }
}
