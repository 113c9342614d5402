using System.Text;
using Microsoft.Extensions.Options;
using MimeKit;

namespace AuthServer.Mail;

/// <summary>Puts a letter into words, and the words into a message (RFC 5322) with a text and an HTML part.</summary>
internal sealed class MailWriter(IOptions<MailOptions> options, TimeProvider time)
{
    /// <param name="id">The same for each attempt, so that a mail server can recognize a duplicate.</param>
    /// <param name="createdAt">The time from which a link's validity counts.</param>
    public MimeMessage Write(Letter letter, Guid id, DateTimeOffset createdAt)
    {
        var settings = options.Value;
        var body = Compose(letter, createdAt);
        var message = new MimeMessage
        {
            Subject = body.Subject,
            Date = time.GetUtcNow(),
            MessageId = $"{id:N}@{MailAddress.DomainOf(settings.From!)}",
            Body = new MultipartAlternative(Part("plain", body.ToText()), Part("html", MailHtml.Write(body))),
        };
        message.From.Add(new MailboxAddress(settings.FromName, settings.From!));
        message.To.Add(new MailboxAddress(UnlinkableText.Of(letter.To.Name), letter.To.Address));

        // RFC 3834 5: prevents automatic answers, such as absence notices.
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        message.Prepare(EncodingConstraint.SevenBit);
        return message;
    }

    private MailBody Compose(Letter letter, DateTimeOffset createdAt)
    {
        var product = options.Value.FromName;
        var texts = new MailTexts(MailTexts.LanguageOf(letter.To.Language));
        var greeting = UnlinkableText.Of(letter.To.Name) is { } name ? texts.Get("Greeting", name) : texts.Get("Greeting.Nameless");
        return new MailBody(
            texts.Language, product, Own("Subject"), greeting, Own("Text"), Facts(letter, texts), Action(),
            letter.IsNotMe ? texts.Get("Notice.Note", product) : Own("Note"),
            texts.Get("Footer", product));

        string Own(string part) => texts.Get(letter.Kind, part, product);

        MailAction? Action()
        {
            var validity = letter.ValidFor is { } time
                ? texts.Get("Validity", texts.Duration(time), MailTexts.Instant(createdAt + time))
                : null;
            var button = letter.IsNotMe ? texts.Get("NotMe") : Own("Button");
            return letter.Link is { } link ? new MailAction(button, link.AbsoluteUri, texts.Get("Link"), validity) : null;
        }
    }

    private static List<MailFact> Facts(Letter letter, MailTexts texts)
    {
        var facts = new List<MailFact>();
        AddKnown("What", letter.What);
        AddKnown("Reason", letter.Reason);
        if (letter.Occasion is { } occasion)
        {
            facts.Add(new(texts.Get("Time"), MailTexts.Instant(occasion.At)));
            AddKnown("Device", occasion.Device);
            AddKnown("Address", occasion.Address);
        }

        AddKnown("SupportCode", letter.SupportCode);

        return facts;

        void AddKnown(string label, string? value)
        {
            if (UnlinkableText.Of(value) is { } plain)
            {
                facts.Add(new(texts.Get(label), plain));
            }
        }
    }

    private static TextPart Part(string subtype, string text)
    {
        var part = new TextPart(subtype);
        part.SetText(Encoding.UTF8, text);
        return part;
    }
}
