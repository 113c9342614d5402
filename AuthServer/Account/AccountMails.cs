using System.Globalization;
using AuthServer.Data;
using AuthServer.Mail;
using AuthServer.Sessions;
using AuthServer.Users;

namespace AuthServer.Account;

/// <summary>Which mail goes to whom. Each is saved before it returns, and sent soon after.</summary>
internal sealed class AccountMails(Outbox outbox, AccountLinks links, AuthDbContext context, TimeProvider time)
{
    private const string ForgotPath = "/account/forgot";

    public Task ConfirmEmailAsync(string address, BegunSignIn? begun) => SendAsync(Letter.ConfirmEmail(
        new Recipient(address, null, Language), links.To("/account/activate", links.Registration.Protect(new RegistrationLink(address, begun))), links.Registration.Lifetime));

    /// <param name="app">The one that sent the person; the mail may be read in another browser.</param>
    public Task AccountExistsAsync(HttpContext http, User user, PageApp? app) =>
        SendAsync(Letter.AccountExists(To(user), links.To(app is null ? BrowserCookie.SignInPath : MailedPage.HomeFor(app)), Occasion(http)));

    public Task ResetPasswordAsync(HttpContext http, User user, BegunSignIn? begun) => SendAsync(Letter.ResetPassword(
        To(user), links.To("/account/reset", links.Reset.Protect(new ResetLink(user.Id, user.SecurityStamp ?? "", user.Email!, begun))), links.Reset.Lifetime, Occasion(http)));

    public Task PasswordChangedAsync(HttpContext http, User user) =>
        SendAsync(Letter.PasswordChanged(To(user), links.To(ForgotPath), Occasion(http)));

    public Task WrongCodesAsync(HttpContext http, User user) =>
        SendAsync(Letter.WrongCodes(To(user), links.To(ForgotPath), Occasion(http)));

    /// <summary>An operator did it, from no browser.</summary>
    public Task FactorsResetAsync(User user) =>
        SendAsync(Letter.FactorsReset(To(user), links.To(BrowserCookie.SignInPath), new Occasion(time.GetUtcNow(), null, null)));

    public Task NewDeviceAsync(HttpContext http, User user) =>
        SendAsync(Letter.NewDevice(To(user), links.To("/account/manage/sessions"), Occasion(http)));

    /// <summary>To the old address first, where it is known to be the person's.</summary>
    public Task ApproveEmailChangeAsync(HttpContext http, User user, string address) => SendAsync(Letter.EmailChangeApproval(
        To(user), EmailLinkOf(user, address, isApproved: false), links.Email.Lifetime, Occasion(http)));

    public Task ConfirmEmailChangeAsync(HttpContext http, User user, string address) => SendAsync(Letter.EmailChange(
        To(user, address), EmailLinkOf(user, address, isApproved: true), links.Email.Lifetime, Occasion(http)));

    public Task EmailChangedAsync(HttpContext http, User user, string oldAddress) =>
        SendAsync(Letter.EmailChanged(To(user, oldAddress), Occasion(http)));

    // Of the page, where nobody is known; somebody else may be looking at it.
    private static string Language => CultureInfo.CurrentUICulture.Name;

    private static Recipient To(User user) => To(user, user.Email ?? "");

    private static Recipient To(User user, string address) => new(address, NameOf(user), user.Language ?? Language);

    private static string? NameOf(User user) => user.DisplayName ?? user.UserName;

    private Occasion Occasion(HttpContext http)
    {
        var origin = Origin.Of(http);
        return new Occasion(time.GetUtcNow(), origin.Address, DeviceName.Of(origin.UserAgent));
    }

    private Uri EmailLinkOf(User user, string address, bool isApproved) =>
        links.To("/account/email", links.Email.Protect(new EmailLink(user.Id, user.SecurityStamp ?? "", user.Email!, address, isApproved)));

    private async Task SendAsync(Letter letter)
    {
        outbox.Add(letter);
        await context.SaveChangesAsync();
        outbox.Wake();
    }
}
