using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace AuthServer.Mail;

/// <summary>
/// The text/html part. It loads nothing from elsewhere, so nobody learns that it is read. It follows the reader's light or dark mode.
/// A mail program that does not know <c>prefers-color-scheme</c> gets plain colours, which it can invert.
/// </summary>
internal static class MailHtml
{
    private const string Style = """
        :root { color-scheme: light dark; }
        body { margin: 0; padding: 24px 16px; background: #ffffff; color: #1c1e21; font: 16px/1.6 system-ui, -apple-system, "Segoe UI", "Apple SD Gothic Neo", "Malgun Gothic", sans-serif; }
        main { max-width: 560px; margin: 0 auto; word-break: keep-all; overflow-wrap: anywhere; }
        h1 { font-size: 20px; margin: 0 0 24px; }
        table { border-spacing: 0; }
        th { text-align: left; font-weight: normal; padding: 2px 16px 2px 0; vertical-align: top; white-space: nowrap; }
        td { padding: 2px 0; }
        .button { display: inline-block; padding: 10px 20px; border-radius: 6px; background: #1a56db; color: #ffffff; text-decoration: none; }
        .small { font-size: 14px; color: #5f6368; }
        @media (prefers-color-scheme: dark) {
          body { background: #17181a; color: #e8eaed; }
          .small, .small a { color: #a9adb3; }
        }
        """;

    // Korean is not escaped: the mail is half the size, and its source is readable.
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    public static string Write(MailBody body)
    {
        var main = new StringBuilder();
        Add($"<h1>{Text(body.Product)}</h1>");
        Add($"<p>{Text(body.Greeting)}</p>");
        Add($"<p>{Text(body.Text)}</p>");
        if (body.Facts.Count > 0)
        {
            var rows = body.Facts.Select(fact => $"<tr><th scope=\"row\">{Text(fact.Label)}</th><td>{Text(fact.Value)}</td></tr>");
            Add($"<table>\n{string.Join('\n', rows)}\n</table>");
        }

        if (body.Action is { } action)
        {
            var link = Text(action.Link);
            Add($"<p><a class=\"button\" href=\"{link}\">{Text(action.Button)}</a></p>");
            Add($"<p class=\"small\">{Text(action.Hint)}<br><a href=\"{link}\">{link}</a></p>");
            if (action.Validity is { } validity)
            {
                Add($"<p>{Text(validity)}</p>");
            }
        }

        Add($"<p>{Text(body.Note)}</p>");
        Add($"<p class=\"small\">{Text(body.Footer)}</p>");
        return $"""
            <!DOCTYPE html>
            <html lang="{body.Language}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <meta name="color-scheme" content="light dark">
            <title>{Text(body.Subject)}</title>
            <style>
            {Style}
            </style>
            </head>
            <body>
            <main>
            {main}</main>
            </body>
            </html>

            """.ReplaceLineEndings("\r\n");

        void Add(string line) => main.Append(line).Append('\n');
    }

    private static string Text(string value) => Encoder.Encode(value);
}
