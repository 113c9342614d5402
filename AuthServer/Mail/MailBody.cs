namespace AuthServer.Mail;

/// <summary>The parts of a mail in reading order. They are plain text, without markup or encoding.</summary>
internal sealed record MailBody(
    string Language, string Product, string Subject, string Greeting, string Text, IReadOnlyList<MailFact> Facts, MailAction? Action,
    string Note, string Footer)
{
    private const string NewLine = "\r\n";

    /// <summary>The text/plain part.</summary>
    public string ToText()
    {
        string[] paragraphs =
        [
            Greeting,
            Text,
            string.Join(NewLine, Facts.Select(fact => $"{fact.Label}: {fact.Value}")),
            Action is null ? "" : $"{Action.Button}:{NewLine}{Action.Link}",
            Action?.Validity ?? "",
            Note,
            // RFC 3676 4.3: a line of two hyphens and a space begins the signature.
            string.Join(NewLine, "-- ", Product, Footer),
        ];
        return string.Join(NewLine + NewLine, paragraphs.Where(paragraph => paragraph.Length > 0)) + NewLine;
    }
}

/// <summary>A labelled value, such as <c>IP address: 192.0.2.1</c>.</summary>
internal sealed record MailFact(string Label, string Value);

/// <param name="Hint">Introduces the link as text, for readers whose mail program does not open the button.</param>
internal sealed record MailAction(string Button, string Link, string Hint, string? Validity);
