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
/// Decides which mail goes to whom. Each mail is saved before the method returns, and sent soon after. <see cref="NoticeMails"/> decides
/// about mails that tell of a change.
/// </summary>
internal sealed class AccountMails(MailOutbox outbox, AccountLinks links, AuthDbContext context, TimeProvider time)
{
    private static readonly string ForgotPath = Paths.Forgot;

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

    public Task WrongCodesAsync(HttpContext http, User user) =>
        SendAsync(http, Letter.WrongCodes(To(user), links.To(ForgotPath), Occasion(http)));

    /// <summary>Asks the old address first, if it is confirmed and so known to be the person's.</summary>
    public Task ApproveEmailChangeAsync(HttpContext http, User user, string address) => SendAsync(http, Letter.EmailChangeApproval(
        To(user), EmailLinkOf(user, address, isApproved: false), links.Email.Lifetime, Occasion(http)));

    public Task ConfirmEmailChangeAsync(HttpContext http, User user, string address) => SendAsync(http, Letter.EmailChange(
        To(user, address), EmailLinkOf(user, address, isApproved: true), links.Email.Lifetime, Occasion(http)));

    // The language of the page, used only while the user's own is unknown: somebody else may be looking at the page.
    private static string Language => CultureInfo.CurrentUICulture.Name;

    private static Recipient To(User user) => To(user, user.Email ?? "");

    public static Recipient To(User user, string address) => new(address, NameOf(user), user.Language ?? Language) { User = user.Id };

    private static string? NameOf(User user) => user.DisplayName ?? user.UserName;

    public static Occasion Occasion(HttpContext http, TimeProvider time)
    {
        var source = RequestSource.Of(http);
        return new(time.GetUtcNow(), source.Address, DeviceName.Of(source.UserAgent));
    }

    private Occasion Occasion(HttpContext http) => Occasion(http, time);

    private Uri EmailLinkOf(User user, string address, bool isApproved) =>
        links.To(Paths.ConfirmEmail, links.Email.Protect(new EmailLink(user.Id, user.Stamp, user.Email!, address, isApproved)));

    /// <param name="http">Null if an operator's command writes the mail.</param>
    private async Task SendAsync(HttpContext? http, Letter letter)
    {
        var steps = http is null ? null : RequestSteps.Of(http);
        var isAdded = outbox.Add(letter with { SupportCode = steps is null ? null : SupportCode.Show(steps.Code) }) is not null;
        await context.SaveChangesAsync();
        outbox.Wake();
        steps?.Add(
            isAdded ? SupportSteps.MailWritten : SupportSteps.MailOmitted,
            isAdded ? letter.Kind.ToString() : SupportReasons.NoMail,
            user: letter.To.User);
    }
}
