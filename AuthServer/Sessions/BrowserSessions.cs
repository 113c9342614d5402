using System.Security.Cryptography;
using System.Text;
using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Protocol;
using AuthServer.SecurityLog;
using AuthServer.Users;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthServer.Sessions;

/// <summary>The sign-in of a browser, as it is in the database now.</summary>
/// <param name="Session">Not tracked.</param>
/// <param name="User">Not tracked.</param>
internal sealed record BrowserSession(Session Session, User User, IReadOnlyList<string> Roles)
{
    /// <summary>The sign-in from which tokens are made.</summary>
    public SignIn SignIn => new(User, Roles, Session.AuthenticatedAt, Methods) { Actor = Session.ImpersonatorId };

    public IReadOnlyList<string> Methods => Session.Methods.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>True if the sign-in outlives the browser window.</summary>
    public required bool IsRemembered { get; init; }

    /// <summary>The administrator who acts as the user; null if the user has signed in. Not tracked.</summary>
    public User? Impersonator { get; init; }

    /// <summary>True if the request has the cookie from before the last step. It may then repeat that step and do nothing else.</summary>
    public bool IsEarlier { get; init; }
}

/// <summary>
/// Signs browsers in and out. The cookie of a browser only names a session; the row in the database says whether the session is still
/// valid. So ending the session anywhere signs the browser out.
/// </summary>
internal sealed class BrowserSessions(
    AuthDbContext context, SessionEnd sessions, ImpersonationCheck impersonations, IOptions<SessionsOptions> options,
    SecurityEvents events, TimeProvider time)
{
    /// <returns>Null if nobody is signed in.</returns>
    public static async Task<BrowserSession?> FindAsync(HttpContext http)
    {
        var ticket = await http.AuthenticateAsync(BrowserCookie.Scheme);
        return ticket.Succeeded ? http.Features.Get<BrowserSession>() : null;
    }

    /// <summary>Checks the session behind a cookie, and records that it was used.</summary>
    public async Task ValidateAsync(CookieValidatePrincipalContext cookie)
    {
        var cancellationToken = cookie.HttpContext.RequestAborted;
        if (BrowserTicket.SessionOf(cookie.Principal) is not { } id
            || await ReadAsync(id, cancellationToken) is not { } found
            || BrowserTicket.IsOfImpersonation(cookie.Principal!) != (found.Impersonator is not null)
            || BrowserTicket.NonceOf(cookie.Principal!) is not { } nonce
            || (found.Session.BrowserNonce != nonce
                && !(IsBefore(nonce, found.Session.BrowserNonce) && RepeatsStepAttribute.IsOn(cookie.HttpContext))))
        {
            cookie.RejectPrincipal();
            return;
        }

        var now = time.GetUtcNow();
        if (found.Session.LastSeenAt + Session.LastSeenStep <= now)
        {
            await context.Sessions.Where(session => session.Id == id)
                .ExecuteUpdateAsync(row => row.SetProperty(session => session.LastSeenAt, now), cancellationToken);
        }

        context.Actor?.IsPerson(found.Impersonator?.Id ?? found.User.Id, id);
        cookie.HttpContext.Features.Set(
            found with { IsRemembered = cookie.Properties.IsPersistent, IsEarlier = found.Session.BrowserNonce != nonce });
    }

    /// <summary>
    /// Signs in a user who has just authenticated. If the same user is already signed in in this browser, the session is renewed. A
    /// session of another user, or an impersonation, is ended.
    /// </summary>
    /// <param name="methods">The methods of the authentication, as RFC 8176 names them.</param>
    /// <param name="isRemembered">True if the sign-in outlives the browser window.</param>
    /// <param name="session">The id for a new session; null to generate one.</param>
    /// <param name="isNewDevice">True if the person learns of a new session by mail.</param>
    /// <returns>The id of the session; null if there was a session with the given id and it has ended.</returns>
    public async Task<Guid?> SignInAsync(
        HttpContext http, User user, IReadOnlyList<string> methods, bool isRemembered, Guid? session = null,
        bool isNewDevice = false)
    {
        var cancellationToken = http.RequestAborted;
        var now = time.GetUtcNow();
        var present = await FindAsync(http);
        if (present is not null && (present.User.Id != user.Id || present.Impersonator is not null))
        {
            await sessions.EndAsync(present.Session.Id, SessionEndReasons.Replaced, cause: null);
            present = null;
        }

        // A user who signs in again keeps an earlier choice to stay signed in.
        isRemembered |= present?.IsRemembered is true;
        var until = now + (isRemembered ? options.Value.RememberedLifetime : options.Value.BrowserLifetime);
        var nonce = RandomNumberGenerator.GetHexString(32);
        Guid? id = present is null
            ? await TryBeginAsync(http, new SignIn(user, [], now, methods), session, nonce, until, isNewDevice, cancellationToken)
            : await RenewAsync(present.Session, methods, nonce, now, until, cancellationToken);
        if (id is null)
        {
            // The form was sent twice, and the other request has created the session.
            return await TryResumeAsync(http, session!.Value, user, isRemembered) ? session : null;
        }

        context.Actor?.IsPerson(user.Id, id);
        await WriteAsync(http, id.Value, nonce, isRemembered, until);
        events.SignedIn(user.Id, methods);
        return id.Value;
    }

    /// <returns>True if the database has no session with this id, not even an ended one.</returns>
    public async Task<bool> IsUnknownAsync(Guid session, CancellationToken cancellationToken) =>
        !await context.Sessions.AnyAsync(row => row.Id == session, cancellationToken);

    /// <summary>
    /// Sends the cookie of a session again. If a form is sent twice, the first request signs the user in, but the browser may drop that
    /// response together with the cookie.
    /// </summary>
    /// <returns>False if there is no such session.</returns>
    public async Task<bool> TryResumeAsync(HttpContext http, Guid session, User user, bool isRemembered)
    {
        var found = await ReadAsync(session, http.RequestAborted);
        if (found is not { Impersonator: null } || found.User.Id != user.Id || found.Session.BrowserNonce is not { } nonce)
        {
            return false;
        }

        await WriteAsync(http, session, nonce, isRemembered, found.Session.BrowserExpiresAt!.Value);
        return true;
    }

    /// <summary>Records that the signed-in user has shown another factor. The time of the sign-in does not change.</summary>
    /// <param name="methods">All methods that the user has shown by now.</param>
    public async Task StepUpAsync(HttpContext http, BrowserSession present, IReadOnlyList<string> methods)
    {
        var (id, nonce, text) = (present.Session.Id, RandomNumberGenerator.GetHexString(32), string.Join(' ', methods));
        await context.RecordAsync(
            token => context.Sessions.Where(row => row.Id == id).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.Methods, text).SetProperty(row => row.BrowserNonce, nonce), token),
            SteppedUp(present, text),
            http.RequestAborted);
        await WriteAsync(http, id, nonce, present.IsRemembered, present.Session.BrowserExpiresAt!.Value);
        events.SignedIn(present.User.Id, methods);
    }

    /// <summary>
    /// For a user who has just set up a factor and shown it. The account gets a new security stamp, which ends all other sign-ins. This
    /// browser gets a new cookie, which <see cref="TryResumeAsync"/> sends after the caller's transaction. If the form is sent twice at
    /// once, the second request has the earlier cookie. The new nonce contains a trace of the earlier one, so that the server
    /// recognizes that cookie.
    /// </summary>
    public async Task StrengthenAsync(BrowserSession present, IReadOnlyList<string> methods)
    {
        var (user, id, stamp, text) =
            (present.User.Id, present.Session.Id, RandomNumberGenerator.GetHexString(32), string.Join(' ', methods));
        var nonce = $"{RandomNumberGenerator.GetHexString(32)}.{Trace(present.Session.BrowserNonce ?? "")}";
        var version = Guid.CreateVersion7().ToString();
        await context.Users.Where(row => row.Id == user).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.SecurityStamp, stamp).SetProperty(row => row.ConcurrencyStamp, version),
            CancellationToken.None);
        await context.RecordAsync(
            token => context.Sessions.Where(row => row.Id == id).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.Methods, text).SetProperty(row => row.BrowserNonce, nonce)
                    .SetProperty(row => row.SecurityStamp, stamp),
                token),
            SteppedUp(present, text),
            CancellationToken.None);
        events.SignedIn(user, methods);
    }

    private static AuditFact SteppedUp(BrowserSession present, string methods) =>
        new(AuditActions.SignInSteppedUp, AuditTarget.Session(present.Session.Id, present.User.Id))
        {
            Changes = AuditFact.Changed("methods", present.Session.Methods, methods),
        };

    private static bool IsBefore(string nonce, string? now) => now?.Split('.') is [_, var before] && before == Trace(nonce);

    private static string Trace(string nonce) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(nonce)), 0, 8);

    private Task WriteAsync(HttpContext http, Guid session, string nonce, bool isRemembered, DateTimeOffset until) =>
        BrowserTicket.WriteAsync(http, session, nonce, isRemembered, isImpersonation: false, time.GetUtcNow(), until);

    /// <summary>For a change of credentials: this session continues, and all other sessions of the user end.</summary>
    /// <param name="user">The user with the new security stamp.</param>
    public async Task EndOtherSessionsAsync(BrowserSession present, User user, CancellationToken cancellationToken)
    {
        await context.Sessions.Where(row => row.Id == present.Session.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.SecurityStamp, user.Stamp), cancellationToken);
        await sessions.EndAsync(
            context.Sessions.Where(row => row.UserId == user.Id && row.Id != present.Session.Id),
            SessionEndReasons.CredentialsChanged,
            cause: null,
            cancellationToken);
    }

    /// <summary>Ends the session and everything that belongs to it, and deletes the cookie.</summary>
    public async Task SignOutAsync(HttpContext http)
    {
        if (await FindAsync(http) is { } present)
        {
            await sessions.EndAsync(present.Session.Id, SessionEndReasons.SignedOut, cause: null);
        }

        http.Features.Set<BrowserSession>(null);
        await http.SignOutAsync(BrowserCookie.Scheme);
    }

    private async Task<BrowserSession?> ReadAsync(Guid id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var row = await (
            from session in context.Sessions.AsNoTracking()
            join user in context.Users.AsNoTracking() on session.UserId equals user.Id
            where session.Id == id && session.EndedAt == null && session.BrowserExpiresAt > now && user.DisabledAt == null
            select new
            {
                session,
                user,
                roles = (from held in context.UserRoles
                         join role in context.Roles on held.RoleId equals role.Id
                         where held.UserId == user.Id
                         select role.Name!).ToList(),
            }).SingleOrDefaultAsync(cancellationToken);
        if (row is null || !Session.IsCurrent(row.session.SecurityStamp, row.session.ImpersonatorId is not null, row.user))
        {
            return null;
        }

        var found = new BrowserSession(row.session, row.user, row.roles) { IsRemembered = false };
        if (row.session.AsImpersonation() is not { } impersonation)
        {
            return found;
        }

        if (await impersonations.FindAsync(impersonation, cancellationToken) is { } administrator)
        {
            return found with { Impersonator = administrator };
        }

        await sessions.EndAsync(id, SessionEndReasons.ImpersonationNotAllowed, cause: null);
        return null;
    }

    /// <returns>Null if there is already a session with this id.</returns>
    private async Task<Guid?> TryBeginAsync(
        HttpContext http, SignIn signIn, Guid? id, string nonce, DateTimeOffset until, bool isNewDevice, CancellationToken cancellationToken)
    {
        var session = Session.Begin(signIn, RequestSource.Of(http), until, isNewDevice);
        session.Id = id ?? default;
        session.BrowserExpiresAt = until;
        session.BrowserNonce = nonce;
        var entry = context.Add(session);
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            return session.Id;
        }
        catch (DbUpdateException)
        {
            entry.State = EntityState.Detached;
            if (id is null || !await context.Sessions.AnyAsync(row => row.Id == id, cancellationToken))
            {
                throw;
            }

            return null;
        }
    }

    private async Task<Guid> RenewAsync(
        Session session, IReadOnlyList<string> methods, string nonce, DateTimeOffset now, DateTimeOffset until,
        CancellationToken cancellationToken)
    {
        var text = string.Join(' ', methods);
        await context.RecordAsync(
            token => context.Sessions.Where(row => row.Id == session.Id).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.AuthenticatedAt, now)
                    .SetProperty(row => row.Methods, text)
                    .SetProperty(row => row.BrowserNonce, nonce)
                    .SetProperty(row => row.LastSeenAt, now)
                    .SetProperty(row => row.BrowserExpiresAt, until)
                    .SetProperty(row => row.ExpiresAt, row => row.ExpiresAt > until ? row.ExpiresAt : until),
                token),
            new AuditFact(AuditActions.SignInPassed, AuditTarget.Session(session.Id, session.UserId), "again")
            {
                IsOwnAct = true,
                Changes = AuditFact.Set("methods", text),
            },
            cancellationToken);
        return session.Id;
    }
}
