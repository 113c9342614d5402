using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Protocol;
using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthServer.SecondFactors;

/// <summary>
/// Browsers in which a person has shown a second factor and which the person wants remembered. A new password forgets them all. Their owner
/// can also end each one.
/// </summary>
internal sealed class RememberedBrowsers(
    AuthDbContext context, IDataProtectionProvider protection, IOptions<ConnectOptions> connect, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    private readonly ProtectedCookie<Name> cookie = new("Browser", Lifetime, protection, connect.Value, time);

    private sealed record Name(Guid Id);

    public async Task RememberAsync(HttpContext http, User user)
    {
        var (now, source) = (time.GetUtcNow(), RequestSource.Of(http));
        await ForgetThisAsync(http, user.Id);
        await context.Set<RememberedBrowser>()
            .Where(row => row.UserId == user.Id && (row.ExpiresAt <= now || row.SecurityStamp != user.SecurityStamp))
            .ExecuteDeleteAsync(http.RequestAborted);
        var browser = new RememberedBrowser
        {
            UserId = user.Id,
            SecurityStamp = user.Stamp,
            CreatedAt = now,
            LastUsedAt = now,
            ExpiresAt = now + Lifetime,
            Address = source.Address,
            UserAgent = source.UserAgent,
        };
        context.Add(browser);
        await context.SaveChangesAsync(http.RequestAborted);
        cookie.Set(http, new Name(browser.Id));
    }

    /// <summary>True if the person need not show a code in this browser. Records that the browser was used.</summary>
    public async Task<bool> KnowsAsync(HttpContext http, User user)
    {
        if (cookie.Get(http) is not { } name)
        {
            return false;
        }

        var now = time.GetUtcNow();
        return await Of(user).Where(row => row.Id == name.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastUsedAt, now), http.RequestAborted) is 1;
    }

    /// <summary>The browsers in which no code is asked for, the last used first.</summary>
    public Task<List<RememberedBrowser>> ListAsync(User user, CancellationToken cancellationToken) =>
        Of(user).AsNoTracking().OrderByDescending(row => row.LastUsedAt).ToListAsync(cancellationToken);

    /// <returns>The id of this browser's row; null if the browser is not remembered for anybody.</returns>
    public Guid? ThisOne(HttpContext http) => cookie.Get(http)?.Id;

    public Task ForgetAsync(Guid user, Guid id, CancellationToken cancellationToken) =>
        ForgetAsync(user, context.Set<RememberedBrowser>().Where(row => row.UserId == user && row.Id == id), cancellationToken);

    /// <summary>Forgets all browsers of the person except this one.</summary>
    public Task ForgetOthersAsync(HttpContext http, Guid user)
    {
        var mine = ThisOne(http);
        return ForgetAsync(user, context.Set<RememberedBrowser>().Where(row => row.UserId == user && row.Id != mine), http.RequestAborted);
    }

    public Task ForgetAllAsync(Guid user) =>
        ForgetAsync(user, context.Set<RememberedBrowser>().Where(row => row.UserId == user), CancellationToken.None);

    public async Task ForgetThisAsync(HttpContext http, Guid user)
    {
        if (ThisOne(http) is { } id)
        {
            await ForgetAsync(user, id, http.RequestAborted);
            cookie.Clear(http);
        }
    }

    private Task<int> ForgetAsync(Guid user, IQueryable<RememberedBrowser> which, CancellationToken cancellationToken) =>
        context.RecordAsync(
            token => which.ExecuteDeleteAsync(token),
            new AuditFact(AuditActions.BrowserForgotten, AuditTarget.User(user)),
            cancellationToken);

    // Security: only the person's own browsers, and none from before a change of credentials.
    private IQueryable<RememberedBrowser> Of(User user)
    {
        var (id, stamp, now) = (user.Id, user.Stamp, time.GetUtcNow());
        return context.Set<RememberedBrowser>().Where(row => row.UserId == id && row.SecurityStamp == stamp && row.ExpiresAt > now);
    }
}
