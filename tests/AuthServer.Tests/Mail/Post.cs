using AuthServer.Data;
using AuthServer.Mail;
using AuthServer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;

namespace AuthServer.Tests.Mail;

/// <summary>Letters for tests, and the means to leave them with the node and to see whether they arrive.</summary>
internal static class Post
{
    public static readonly Uri Link = new("https://auth.example/account/reset?user=1&token=CfDJ8secret");
    public static readonly TimeSpan ValidFor = TimeSpan.FromHours(1);
    public static readonly Occasion Occasion = new(
        new DateTimeOffset(2026, 11, 25, 7, 51, 0, TimeSpan.Zero), "192.0.2.7", "Firefox, Linux");
    public static readonly Recipient Alice = new("alice@example.test", "Alice Kim", "en");
    public static readonly Recipient Minji = new("minji@example.test", "김민지", "ko-KR");

    public static Letter Reset(Recipient to) => Letter.ResetPassword(to, Link, ValidFor, Occasion);

    /// <summary>A letter that does not expire with its link.</summary>
    public static Letter Notice(Recipient to) => Letter.WrongCodes(to, Link, Occasion);

    public static IEnumerable<Letter> OfEachKind(Recipient to) =>
    [
        Letter.ConfirmEmail(to, Link, ValidFor),
        Reset(to),
        Letter.Invitation(to, Link, ValidFor),
        Letter.EmailChangeApproval(to, Link, ValidFor, Occasion),
        Letter.EmailChange(to, Link, ValidFor, Occasion),
        Letter.EmailChanged(to, Occasion),
        .. new[]
        {
            MailKind.EmailChanged, MailKind.PasswordChanged, MailKind.PasskeyAdded, MailKind.PasskeyRemoved, MailKind.AuthenticatorOn,
            MailKind.AuthenticatorOff, MailKind.NewRecoveryCodes, MailKind.RecoveryCodeUsed, MailKind.NewDevice, MailKind.AppConnected,
        }.Select(kind => Letter.Notice(kind, to, Link, TimeSpan.FromDays(7), Occasion)),
        Letter.ChangedByAdministrator(to, Link, Occasion with { Device = null, Address = null }, "."),
        Letter.Impersonated(to, Link, Occasion with { Device = null, Address = null }, "."),
        Letter.AccountSecured(to, Link, ValidFor, Occasion),
        Letter.FactorsReset(to, Link, Occasion),
        Notice(to),
        Letter.AccountExists(to, Link, Occasion),
    ];

    public static async Task LeaveAsync(this AuthServerApp app, params IEnumerable<Letter> letters)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var outbox = scope.ServiceProvider.GetRequiredService<MailOutbox>();
        foreach (var letter in letters)
        {
            outbox.Add(letter);
        }

        await scope.ServiceProvider.GetRequiredService<AuthDbContext>().SaveChangesAsync();
        outbox.Wake();
    }

    public static Task<long> WaitingAsync(this AuthServerApp app) => app.CountAsync("SELECT COUNT(*) FROM Mails");

    /// <summary>Waits until every mail has been handed over.</summary>
    public static async Task SentAsync(this AuthServerApp app)
    {
        for (var patience = 0; await app.WaitingAsync() > 0; patience++)
        {
            Assert.True(patience < 200, "a mail still waits");
            await Task.Delay(50);
        }
    }

    public static bool Logged(this AuthServerApp app, string text) => app.Log.Any(line => line.Contains(text, StringComparison.Ordinal));

    /// <param name="step">The time by which the clock advances at each check; by default it stands still.</param>
    public static async Task UntilAsync(this AuthServerApp app, Func<bool> condition, TimeSpan step = default)
    {
        for (var patience = 0; !condition(); patience++)
        {
            Assert.True(patience < 300, string.Join('\n', app.Log.TakeLast(5)));
            app.Clock.Advance(step);
            await Task.Delay(50);
        }
    }

    public static async Task<List<MimeMessage>> ReadFolderAsync(this AuthServerApp app)
    {
        var messages = new List<MimeMessage>();
        foreach (var file in app.MailFiles())
        {
            messages.Add(await MimeMessage.LoadAsync(file));
        }

        return messages;
    }

    /// <summary>The files, sorted by name.</summary>
    public static string[] MailFiles(this AuthServerApp app) =>
        Directory.Exists(app.MailFolder) ? [.. Directory.GetFiles(app.MailFolder, "*.eml").Order(StringComparer.Ordinal)] : [];
}
