using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Data;
using AuthServer.Protocol;
using AuthServer.SecurityLog;
using AuthServer.Users;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Sessions;

/// <summary>A browser's sign-in, as the database has it now.</summary>
/// <param name="Session">Not tracked.</param>
/// <param name="User">Not tracked.</param>
internal sealed record BrowserSession(Session Session, User User, IReadOnlyList<string> Roles)
{
    /// <summary>The sign-in as tokens tell it.</summary>
    public SignIn SignIn => new(User, Roles, Session.AuthenticatedAt, Methods);

    public IReadOnlyList<string> Methods => Session.Methods.Split(' ');

    /// <summary>Whether it outlives the browser's window.</summary>
    public required bool IsRemembered { get; init; }

    /// <summary>Whether the request came with the cookie of before the last step: it may repeat that step and nothing else.</summary>
    public bool IsEarlier { get; init; }
}

/// <summary>
/// Who is signed in in a browser: its cookie names a session and nothing else, the row says whether that still holds. So
/// ending a session anywhere signs the browser out.
/// </summary>
internal sealed class BrowserSessions(AuthDbContext context, SessionEnd sessions, IOptions<SessionsOptions> options, SecurityEvents events, TimeProvider time)
{
    private const string NonceClaim = "nonce";

    /// <returns>Null when nobody is signed in.</returns>
    public static async Task<BrowserSession?> FindAsync(HttpContext http)
    {
        var ticket = await http.AuthenticateAsync(BrowserCookie.Scheme);
        return ticket.Succeeded ? http.Features.Get<BrowserSession>() : null;
    }

    /// <summary>Looks at the row behind a cookie, and writes down that it was used.</summary>
    public async Task ValidateAsync(CookieValidatePrincipalContext cookie)
    {
        var cancellationToken = cookie.HttpContext.RequestAborted;
        if (!Guid.TryParse(cookie.Principal?.FindFirstValue(ProtocolNames.SessionIdClaim), out var id)
            || await ReadAsync(id, cancellationToken) is not { } found
            || cookie.Principal.FindFirstValue(NonceClaim) is not { } nonce
            || (found.Session.BrowserNonce != nonce && !(IsBefore(nonce, found.Session.BrowserNonce) && RepeatsStepAttribute.IsOn(cookie.HttpContext))))
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

        cookie.HttpContext.Features.Set(found with { IsRemembered = cookie.Properties.IsPersistent, IsEarlier = found.Session.BrowserNonce != nonce });
    }

    /// <summary>
    /// Signs a person in who has just shown who they are. Once more in the same browser it is the same session, shown
    /// anew; another person's before it ends.
    /// </summary>
    /// <param name="methods">As RFC 8176 names them.</param>
    /// <param name="isRemembered">Whether the sign-in outlives the browser's window.</param>
    /// <param name="session">The id of a session that begins; null for any.</param>
    /// <returns>The session; null when there was one of this id, which has ended.</returns>
    public async Task<Guid?> SignInAsync(HttpContext http, User user, IReadOnlyList<string> methods, bool isRemembered, Guid? session = null)
    {
        var cancellationToken = http.RequestAborted;
        var now = time.GetUtcNow();
        var present = await FindAsync(http);

        // The same person who signs in once more stays signed in for as long as was asked before.
        isRemembered |= present?.User.Id == user.Id && present.IsRemembered;
        var until = now + (isRemembered ? options.Value.RememberedLifetime : options.Value.BrowserLifetime);
        if (present is not null && present.User.Id != user.Id)
        {
            await sessions.EndAsync(present.Session.Id, SessionEndReasons.Replaced, cause: null);
            present = null;
        }

        var nonce = RandomNumberGenerator.GetHexString(32);
        Guid? id = present is null
            ? await TryBeginAsync(http, new SignIn(user, [], now, methods), session, nonce, until, cancellationToken)
            : await RenewAsync(present.Session, methods, nonce, now, until, cancellationToken);
        if (id is null)
        {
            // The same form came twice: the other has begun it.
            return await TryResumeAsync(http, session!.Value, user, isRemembered) ? session : null;
        }

        await WriteAsync(http, id.Value, nonce, isRemembered, until);
        events.SignedIn(user.Id, methods);
        return id.Value;
    }

    /// <returns>Whether there never was a session of this id.</returns>
    public async Task<bool> IsUnknownAsync(Guid session, CancellationToken cancellationToken) => !await context.Sessions.AnyAsync(row => row.Id == session, cancellationToken);

    /// <summary>The same form came twice and the first has signed the person in: the browser may have dropped that answer with its cookie.</summary>
    /// <returns>False when there is no such session.</returns>
    public async Task<bool> TryResumeAsync(HttpContext http, Guid session, User user, bool isRemembered)
    {
        var found = await ReadAsync(session, http.RequestAborted);
        if (found is null || found.User.Id != user.Id || found.Session.BrowserNonce is not { } nonce)
        {
            return false;
        }

        await WriteAsync(http, session, nonce, isRemembered, found.Session.BrowserExpiresAt!.Value);
        return true;
    }

    /// <summary>Who is signed in has shown one thing more. When the person signed in stays as it was.</summary>
    /// <param name="methods">All that has been shown by now.</param>
    public async Task StepUpAsync(HttpContext http, BrowserSession present, IReadOnlyList<string> methods)
    {
        var (id, nonce, text) = (present.Session.Id, RandomNumberGenerator.GetHexString(32), string.Join(' ', methods));
        await context.Sessions.Where(row => row.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Methods, text).SetProperty(row => row.BrowserNonce, nonce), http.RequestAborted);
        await WriteAsync(http, id, nonce, present.IsRemembered, present.Session.BrowserExpiresAt!.Value);
        events.SignedIn(present.User.Id, methods);
    }

    /// <summary>
    /// For a person who has just bound a factor and shown it. The account gets a new security stamp, which ends all other sign-ins. This browser
    /// gets a new cookie, which <see cref="TryResumeAsync"/> gives out after the caller's transaction. When a form is sent twice at once, the second
    /// one comes with the cookie of before: the new nonce tells which that was.
    /// </summary>
    public async Task StrengthenAsync(BrowserSession present, IReadOnlyList<string> methods)
    {
        var (user, id, stamp, text) = (present.User.Id, present.Session.Id, RandomNumberGenerator.GetHexString(32), string.Join(' ', methods));
        var nonce = $"{RandomNumberGenerator.GetHexString(32)}.{Trace(present.Session.BrowserNonce ?? "")}";
        var version = Guid.CreateVersion7().ToString();
        await context.Users.Where(row => row.Id == user).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.SecurityStamp, stamp).SetProperty(row => row.ConcurrencyStamp, version), CancellationToken.None);
        await context.Sessions.Where(row => row.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Methods, text).SetProperty(row => row.BrowserNonce, nonce).SetProperty(row => row.SecurityStamp, stamp),
            CancellationToken.None);
        events.SignedIn(user, methods);
    }

    private static bool IsBefore(string nonce, string? now) => now?.Split('.') is [_, var before] && before == Trace(nonce);

    private static string Trace(string nonce) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(nonce)), 0, 8);

    private Task WriteAsync(HttpContext http, Guid session, string nonce, bool isRemembered, DateTimeOffset until) => http.SignInAsync(
        BrowserCookie.Scheme,
        new ClaimsPrincipal(new ClaimsIdentity(
            // By the first one a form is tied to the session and not to the cookie: sent twice, it comes with two.
            [new Claim(Claims.Subject, session.ToString()), new Claim(ProtocolNames.SessionIdClaim, session.ToString()), new Claim(NonceClaim, nonce)], BrowserCookie.Scheme)),
        new AuthenticationProperties { IsPersistent = isRemembered, IssuedUtc = time.GetUtcNow(), ExpiresUtc = until });

    /// <summary>After a change of credentials: this sign-in goes on, all others of the person end.</summary>
    /// <param name="user">With the security stamp of after.</param>
    public async Task KeepOnlyAsync(BrowserSession present, User user, CancellationToken cancellationToken)
    {
        await context.Sessions.Where(row => row.Id == present.Session.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.SecurityStamp, user.SecurityStamp ?? ""), cancellationToken);
        await sessions.EndAsync(
            context.Sessions.Where(row => row.UserId == user.Id && row.Id != present.Session.Id), SessionEndReasons.CredentialsChanged, cause: null, cancellationToken);
    }

    /// <summary>Ends the session and all that hangs on it.</summary>
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
        return row is not null && row.session.SecurityStamp == (row.user.SecurityStamp ?? "") ? new BrowserSession(row.session, row.user, row.roles) { IsRemembered = false } : null;
    }

    /// <returns>Null when there is a session of this id already.</returns>
    private async Task<Guid?> TryBeginAsync(HttpContext http, SignIn signIn, Guid? id, string nonce, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var session = Session.Begin(signIn, Origin.Of(http), until);
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

    private async Task<Guid> RenewAsync(Session session, IReadOnlyList<string> methods, string nonce, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var text = string.Join(' ', methods);
        await context.Sessions.Where(row => row.Id == session.Id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.AuthenticatedAt, now)
                .SetProperty(row => row.Methods, text)
                .SetProperty(row => row.BrowserNonce, nonce)
                .SetProperty(row => row.LastSeenAt, now)
                .SetProperty(row => row.BrowserExpiresAt, until)
                .SetProperty(row => row.ExpiresAt, row => row.ExpiresAt > until ? row.ExpiresAt : until),
            cancellationToken);
        return session.Id;
    }
}
