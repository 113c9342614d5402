using AuthServer.Mail;
using AuthServer.Pages;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using MimeKit;

namespace AuthServer.Account;

/// <summary>Shows developers the mails in the folder. Only in Development, where the folder holds nobody else's mail.</summary>
internal sealed class DevelopmentMailModel(IOptions<MailOptions> options, IHostEnvironment environment) : AccountPage
{
    public const int Most = 50;

    public sealed record Row(string Subject, string To, DateTimeOffset Date, IReadOnlyList<string> Lines);

    public string Folder => Path.Combine(environment.ContentRootPath, options.Value.Folder!);

    public IReadOnlyList<Row> Mails { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (!environment.IsDevelopment() || options.Value is not { Host: null, Folder: not null })
        {
            return NotFound();
        }

        var mails = new List<Row>();
        foreach (var file in Files())
        {
            using var mail = await MimeMessage.LoadAsync(file, cancellationToken);
            mails.Add(new Row(
                mail.Subject ?? "",
                mail.To.ToString(),
                mail.Date,
                mail.TextBody?.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? []));
        }

        Mails = mails;
        return Page();
    }

    // File names begin with the time of writing, so the order of names is the order of time.
    private IEnumerable<string> Files() =>
        Directory.Exists(Folder) ? Directory.EnumerateFiles(Folder, "*.eml").OrderDescending(StringComparer.Ordinal).Take(Most) : [];
}
