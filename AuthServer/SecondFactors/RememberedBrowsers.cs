using AuthServer.Data;
using AuthServer.Protocol;
using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthServer.SecondFactors;

/// <summary>
/// Browsers that a person has shown a second factor in and has asked to be remembered. Another password forgets them all; their
/// owner ends them one by one.
/// </summary>
internal sealed class RememberedBrowsers(AuthDbContext context, IDataProtectionProvider protection, IOptions<ConnectOptions> connect, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    private readonly ProtectedCookie<Name> cookie = new("Browser", Lifetime, protection, connect.Value, time);

    private sealed record Name(Guid Id);

    public async Task RememberAsync(HttpContext http, User user)
    {
        var (now, origin) = (time.GetUtcNow(), Origin.Of(http));
        await ForgetThisAsync(http, user.Id);
        await context.Set<RememberedBrowser>().Where(row => row.UserId == user.Id && (row.ExpiresAt <= now || row.SecurityStamp != user.SecurityStamp))
            .ExecuteDeleteAsync(http.RequestAborted);
        var browser = new RememberedBrowser
        {
            UserId = user.Id,
            SecurityStamp = user.SecurityStamp ?? "",
            CreatedAt = now,
            LastUsedAt = now,
            ExpiresAt = now + Lifetime,
            Address = origin.Address,
            UserAgent = origin.UserAgent,
        };
        context.Add(browser);
        await context.SaveChangesAsync(http.RequestAborted);
        cookie.Set(http, new Name(browser.Id));
    }

    /// <summary>Whether the person need not show a code here. Writes down that the browser was used.</summary>
    public async Task<bool> KnowsAsync(HttpContext http, User user)
    {
        if (cookie.Get(http) is not { } name)
        {
            return false;
        }

        var now = time.GetUtcNow();
        return await Of(user).Where(row => row.Id == name.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.LastUsedAt, now), http.RequestAborted) is 1;
    }

    /// <summary>Those that a code is not asked in, the one used last first.</summary>
    public Task<List<RememberedBrowser>> ListAsync(User user, CancellationToken cancellationToken) =>
        Of(user).AsNoTracking().OrderByDescending(row => row.LastUsedAt).ToListAsync(cancellationToken);

    /// <returns>The row of this browser; null where it is not remembered for anybody.</returns>
    public Guid? ThisOne(HttpContext http) => cookie.Get(http)?.Id;

    public Task ForgetAsync(Guid user, Guid id, CancellationToken cancellationToken) =>
        context.Set<RememberedBrowser>().Where(row => row.UserId == user && row.Id == id).ExecuteDeleteAsync(cancellationToken);

    /// <summary>All of the person's but this one.</summary>
    public Task ForgetOthersAsync(HttpContext http, Guid user)
    {
        var mine = ThisOne(http);
        return context.Set<RememberedBrowser>().Where(row => row.UserId == user && row.Id != mine).ExecuteDeleteAsync(http.RequestAborted);
    }

    public async Task ForgetThisAsync(HttpContext http, Guid user)
    {
        if (ThisOne(http) is { } id)
        {
            await ForgetAsync(user, id, http.RequestAborted);
            cookie.Clear(http);
        }
    }

    // Security: the person's own, and of before no change of credentials.
    private IQueryable<RememberedBrowser> Of(User user)
    {
        var (id, stamp, now) = (user.Id, user.SecurityStamp ?? "", time.GetUtcNow());
        return context.Set<RememberedBrowser>().Where(row => row.UserId == id && row.SecurityStamp == stamp && row.ExpiresAt > now);
    }
}
