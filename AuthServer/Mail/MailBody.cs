using System.Text;

namespace AuthServer.Mail;

/// <summary>The parts of a mail in the order in which they are read; no markup, and nothing is encoded yet.</summary>
internal sealed record MailBody(
    string Language, string Product, string Subject, string Greeting, string Text, IReadOnlyList<MailFact> Facts, MailAction? Action, string Note, string Footer)
{
    /// <summary>The text/plain part.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        Add(Greeting, Text);
        Add([.. Facts.Select(fact => $"{fact.Label}: {fact.Value}")]);
        if (Action is not null)
        {
            Add($"{Action.Button}:", Action.Link);
            Add(Action.Validity ?? "");
        }

        Add(Note);
        // RFC 3676 4.3: a line of two hyphens and a space begins the signature.
        Add("-- ", Product, Footer);
        return text.ToString();

        void Add(params string[] lines)
        {
            if (lines is not ([] or [""]))
            {
                text.AppendJoin("\r\n", lines).Append(lines is ["-- ", ..] ? "\r\n" : "\r\n\r\n");
            }
        }
    }
}

/// <summary>As <c>IP address: 192.0.2.1</c>.</summary>
internal sealed record MailFact(string Label, string Value);

/// <param name="Hint">What introduces the link as text, for whom the button does not work.</param>
internal sealed record MailAction(string Button, string Link, string Hint, string? Validity);
