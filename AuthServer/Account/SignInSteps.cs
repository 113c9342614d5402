using System.Globalization;
using AuthServer.Data;
using AuthServer.Mail;
using AuthServer.Protocol;
using AuthServer.SecondFactors;
using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Account;

/// <summary>What comes after a person has shown something: the second factor, or the end of the sign-in.</summary>
internal sealed class SignInSteps(
    BrowserSessions browsers, PendingSignIns pending, RememberedBrowsers remembered, KnownBrowsers known, AccountMails mails, MailThrottle throttle, RequestMarks marks, AuthDbContext database)
{
    /// <param name="methods">What has been shown, as RFC 8176 names it.</param>
    /// <param name="target">Where the person wants to go.</param>
    /// <param name="removesPasskeys">Once the second factor has been shown.</param>
    /// <returns>Where to go now.</returns>
    public async Task<string> ContinueAsync(
        HttpContext http, User user, IReadOnlyList<string> methods, bool isRemembered, string target, bool removesPasskeys = false)
    {
        if (user.TwoFactorEnabled && methods.Count is 1 && !await remembered.KnowsAsync(http, user))
        {
            var present = await BrowserSessions.FindAsync(http);
            var (kind, session) = present?.User.Id == user.Id ? (PendingKind.RenewedSession, present.Session.Id) : (PendingKind.NewSession, Guid.CreateVersion7());
            pending.Cookie.Set(http, new PendingSignIn(user.Id, user.SecurityStamp ?? "", methods, isRemembered, kind, session) { RemovesPasskeys = removesPasskeys });
            return QueryHelpers.AddQueryString(Paths.Code, BrowserCookie.ReturnUrl, target);
        }

        return await FinishAsync(http, user, methods, isRemembered, target);
    }

    /// <summary>All has been shown. Tells the person by mail when it is a new device.</summary>
    /// <param name="isFirst">For who has just made the account, and need not be told.</param>
    /// <param name="session">The id of a session that begins; null for any.</param>
    /// <returns>Where to go now: there, with the mark that it was done for the app's request.</returns>
    public async Task<string> FinishAsync(
        HttpContext http, User user, IReadOnlyList<string> methods, bool isRemembered, string target, bool isFirst = false, Guid? session = null)
    {
        pending.Cookie.Clear(http);
        var isKnown = known.Meet(http, user.Id);
        if (await browsers.SignInAsync(http, user, methods, isRemembered, session) is not { } begun)
        {
            return QueryHelpers.AddQueryString(BrowserCookie.SignInPath, BrowserCookie.ReturnUrl, target);
        }

        await KeepLanguageAsync(user.Id, isKnown);
        if (!isKnown && !isFirst && throttle.TryMail(MailKind.NewDevice, user.Email ?? ""))
        {
            await mails.NewDeviceAsync(http, user);
        }

        return Mark(target, begun);
    }

    /// <returns>The target, with the mark that it was done for the app's request.</returns>
    public string Mark(string target, Guid session) => marks.Add(target, session, mark => mark with { IsSignedIn = true });

    // A stranger's browser does not change in which language the owner is warned of it.
    private Task<int> KeepLanguageAsync(Guid id, bool isKnown)
    {
        var language = CultureInfo.CurrentUICulture.Name;
        return database.Users.Where(row => row.Id == id && (row.Language == null || (isKnown && row.Language != language)))
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Language, language), CancellationToken.None);
    }
}
