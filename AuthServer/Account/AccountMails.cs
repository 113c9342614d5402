using System.Globalization;
using AuthServer.Data;
using AuthServer.Mail;
using AuthServer.Pages;
using AuthServer.Protocol;
using AuthServer.Sessions;
using AuthServer.SupportCodes;
using AuthServer.Users;

namespace AuthServer.Account;

/// <summary>
/// Decides which mail goes to whom, and writes the account's history. Each mail is saved before the method returns, and sent soon after.
/// </summary>
internal sealed class AccountMails(MailOutbox outbox, AccountLinks links, AuthDbContext context, TimeProvider time)
{
    private static readonly string ForgotPath = Paths.Forgot;
    private static readonly string SessionsPath = Paths.ManageSessions;
    private static readonly string HistoryPath = Paths.ManageHistory;

    public Task ConfirmEmailAsync(HttpContext http, string address, ReturnTarget? begun) => SendAsync(http, Letter.ConfirmEmail(
        new Recipient(address, null, Language),
        links.To(Paths.Activate, links.Registration.Protect(new RegistrationLink(address, begun))),
        links.Registration.Lifetime));

    /// <param name="app">The app that sent the person. The link only names it, because the mail may be read in another browser.</param>
    public Task AccountExistsAsync(HttpContext http, User user, PageApp? app) =>
        SendAsync(http, Letter.AccountExists(To(user), links.To(app is null ? BrowserCookie.SignInPath : app.Home), Occasion(http)));

    public Task ResetPasswordAsync(HttpContext http, User user, ReturnTarget? begun) => SendAsync(http, Letter.ResetPassword(
        To(user),
        links.To(Paths.Reset, links.Reset.Protect(new ResetLink(user.Id, user.Stamp, user.Email!, begun))),
        links.Reset.Lifetime,
        Occasion(http)));

    /// <returns>The link in the mail.</returns>
    public async Task<Uri> InviteAsync(User user)
    {
        var link = links.To(Paths.Reset, links.Invitation.Protect(new ResetLink(user.Id, user.Stamp, user.Email!, null)));
        await SendAsync(null, Letter.Invitation(To(user), link, links.Invitation.Lifetime));
        return link;
    }

    /// <summary>Adds an event to the account's history and mails it to the owner.</summary>
    /// <param name="oldAddress">
    /// For <see cref="AccountEventKind.EmailChanged"/>: the address before the change, which gets the mail.
    /// </param>
    public Task TellAsync(HttpContext http, User user, AccountEventKind kind, string? oldAddress = null)
    {
        var source = RequestSource.Of(http);
        context.Add(new AccountEvent
        {
            UserId = user.Id,
            At = time.GetUtcNow(),
            Kind = kind,
            Address = source.Address,
            UserAgent = source.UserAgent,
        });
        return SendAsync(http, kind switch
        {
            AccountEventKind.PasswordChanged or AccountEventKind.PasswordReset =>
                Letter.PasswordChanged(To(user), links.To(ForgotPath), Occasion(http)),
            AccountEventKind.EmailChanged => Letter.EmailChanged(To(user, oldAddress!), Occasion(http)),
            _ => Letter.FactorChanged(Enum.Parse<MailKind>(kind.ToString()), To(user), links.To(HistoryPath), Occasion(http)),
        });
    }

    public Task WrongCodesAsync(HttpContext http, User user) =>
        SendAsync(http, Letter.WrongCodes(To(user), links.To(ForgotPath), Occasion(http)));

    /// <summary>An operator has reset the factors, so the mail names no browser.</summary>
    public Task FactorsResetAsync(User user) =>
        SendAsync(null, Letter.FactorsReset(To(user), links.To(BrowserCookie.SignInPath), new Occasion(time.GetUtcNow(), null, null)));

    public Task NewDeviceAsync(HttpContext http, User user) => NewDeviceAsync(http, RequestSource.Of(http), user);

    /// <param name="source">Where the new device is. With RFC 8628, that is not the browser of this request.</param>
    public Task NewDeviceAsync(HttpContext http, RequestSource source, User user) =>
        SendAsync(http, Letter.NewDevice(To(user), links.To(SessionsPath), Occasion(source)));

    /// <summary>Asks the old address first, if it is confirmed and so known to be the person's.</summary>
    public Task ApproveEmailChangeAsync(HttpContext http, User user, string address) => SendAsync(http, Letter.EmailChangeApproval(
        To(user), EmailLinkOf(user, address, isApproved: false), links.Email.Lifetime, Occasion(http)));

    public Task ConfirmEmailChangeAsync(HttpContext http, User user, string address) => SendAsync(http, Letter.EmailChange(
        To(user, address), EmailLinkOf(user, address, isApproved: true), links.Email.Lifetime, Occasion(http)));

    // The language of the page, used only while the user's own is unknown: somebody else may be looking at the page.
    private static string Language => CultureInfo.CurrentUICulture.Name;

    private static Recipient To(User user) => To(user, user.Email ?? "");

    private static Recipient To(User user, string address) => new(address, NameOf(user), user.Language ?? Language) { User = user.Id };

    private static string? NameOf(User user) => user.DisplayName ?? user.UserName;

    private Occasion Occasion(HttpContext http) => Occasion(RequestSource.Of(http));

    private Occasion Occasion(RequestSource source) => new(time.GetUtcNow(), source.Address, DeviceName.Of(source.UserAgent));

    private Uri EmailLinkOf(User user, string address, bool isApproved) =>
        links.To(Paths.ConfirmEmail, links.Email.Protect(new EmailLink(user.Id, user.Stamp, user.Email!, address, isApproved)));

    /// <param name="http">Null if an operator's command writes the mail.</param>
    private async Task SendAsync(HttpContext? http, Letter letter)
    {
        var steps = http is null ? null : RequestSteps.Of(http);
        var isAdded = outbox.Add(letter with { SupportCode = steps is null ? null : SupportCode.Show(steps.Code) });
        await context.SaveChangesAsync();
        outbox.Wake();
        steps?.Add(
            isAdded ? SupportSteps.MailWritten : SupportSteps.MailOmitted,
            isAdded ? letter.Kind.ToString() : SupportReasons.NoMail,
            user: letter.To.User);
    }
}
