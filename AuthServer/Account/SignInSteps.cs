using System.Globalization;
using AuthServer.Data;
using AuthServer.Protocol;
using AuthServer.SecondFactors;
using AuthServer.Sessions;
using AuthServer.SupportCodes;
using AuthServer.Users;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Account;

/// <summary>Decides what follows the first proof, such as a password: the second factor, or the end of the sign-in.</summary>
internal sealed class SignInSteps(
    BrowserSessions browsers, PendingSignIns pending, RememberedBrowsers remembered, KnownBrowsers known, RequestMarks marks,
    AuthDbContext database)
{
    /// <param name="methods">What the person has shown so far, in the terms of RFC 8176.</param>
    /// <param name="target">Where the person goes after the sign-in.</param>
    /// <param name="removesPasskeys">True to remove the account's passkeys once the second factor has been shown.</param>
    /// <returns>Where to go now.</returns>
    public async Task<string> ContinueAsync(
        HttpContext http, User user, IReadOnlyList<string> methods, bool isRemembered, string target, bool removesPasskeys = false)
    {
        if (user.TwoFactorEnabled && methods.Count is 1 && !await remembered.KnowsAsync(http, user))
        {
            var present = await BrowserSessions.FindAsync(http);
            var (kind, session) = present?.User.Id == user.Id
                ? (PendingKind.RenewedSession, present.Session.Id)
                : (PendingKind.NewSession, Guid.CreateVersion7());
            var begun = new PendingSignIn(user.Id, user.Stamp, methods, isRemembered, kind, session) { RemovesPasskeys = removesPasskeys };
            pending.Cookie.Set(http, begun);
            RequestSteps.Of(http).Add(SupportSteps.FactorAsked, SupportReasons.FirstOfTwo, user: user.Id);
            return QueryHelpers.AddQueryString(Paths.Code, BrowserCookie.ReturnUrl, target);
        }

        return await FinishAsync(http, user, methods, isRemembered, target);
    }

    /// <summary>Signs the person in, who has shown everything. <see cref="NoticeMails"/> reports a new device.</summary>
    /// <param name="isFirst">True if the person has just created the account and so needs no mail.</param>
    /// <param name="session">The id for a new session; null to let it be chosen.</param>
    /// <returns>Where to go now: the marked target, or the login page if the session of this id has ended.</returns>
    public async Task<string> FinishAsync(
        HttpContext http, User user, IReadOnlyList<string> methods, bool isRemembered, string target, bool isFirst = false,
        Guid? session = null)
    {
        pending.Cookie.Clear(http);
        var isKnown = known.Meet(http, user.Id);
        if (await browsers.SignInAsync(http, user, methods, isRemembered, session, isNewDevice: !isKnown && !isFirst) is not { } begun)
        {
            return QueryHelpers.AddQueryString(BrowserCookie.SignInPath, BrowserCookie.ReturnUrl, target);
        }

        await SaveLanguageAsync(user.Id, isKnown);
        return Mark(target, begun);
    }

    /// <returns>The target with a mark that the person has signed in for the app's request.</returns>
    public string Mark(string target, Guid session) => marks.Add(target, session, mark => mark with { IsSignedIn = true });

    // An unknown browser may be a stranger's: it must not choose the language in which the owner is warned.
    private Task<int> SaveLanguageAsync(Guid id, bool isKnown)
    {
        var language = CultureInfo.CurrentUICulture.Name;
        return database.Users.Where(row => row.Id == id && (row.Language == null || (isKnown && row.Language != language)))
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Language, language), CancellationToken.None);
    }
}
