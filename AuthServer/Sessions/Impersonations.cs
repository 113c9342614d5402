using System.Security.Cryptography;
using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Protocol;
using AuthServer.Users;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthServer.Sessions;

/// <summary>Offers administrators to act as a user by a link, and begins the session when the link is used.</summary>
internal sealed partial class Impersonations(
    AuthDbContext context, ImpersonationCheck check, IOptions<ConnectOptions> connect, IDataProtectionProvider protection,
    TimeProvider time, ILogger<Impersonations> logger)
{
    public const string Parameter = "token";

    private readonly ProtectedValue<ImpersonationOffer> offers = new("Impersonation", TimeSpan.FromMinutes(2), protection, time);

    /// <summary>The audit keeps the offer, also if nobody uses it.</summary>
    /// <returns>The link, and until when it works.</returns>
    public async Task<(Uri Link, DateTimeOffset Until)> OfferAsync(ImpersonationOffer offer, CancellationToken cancellationToken)
    {
        context.Record(new AuditFact(AuditActions.ImpersonationOffered, AuditTarget.Session(offer.Id, offer.User))
        {
            PersonalChanges = AuditFact.Set("impersonationReason", offer.Reason),
        });
        await context.SaveChangesAsync(cancellationToken);
        return (
            new Uri(connect.Value.IssuerUri, QueryHelpers.AddQueryString(Paths.Impersonation, Parameter, offers.Protect(offer))),
            time.GetUtcNow() + offers.Lifetime);
    }

    /// <returns>Null if this server has not made the link, or it is too old.</returns>
    public ImpersonationOffer? Read(string? token) => offers.Unprotect(token);

    /// <returns>The user; null if the administrator may not act as them, or not any more.</returns>
    public async Task<User?> FindUserAsync(ImpersonationOffer offer, CancellationToken cancellationToken)
    {
        var impersonation = new Impersonation(offer.Administrator, offer.Session, offer.User, time.GetUtcNow() + offer.Duration);
        return await check.HoldsAsync(impersonation, cancellationToken)
            ? await context.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == offer.User, cancellationToken)
            : null;
    }

    /// <summary>
    /// From now on, this browser is signed in as the user. The administrator's own sign-in goes on where it is used otherwise, as in a
    /// console, and this browser's cookie for it is void.
    /// </summary>
    /// <param name="present">The administrator.</param>
    /// <param name="user">From <see cref="FindUserAsync"/>.</param>
    /// <returns>False if the link was used before.</returns>
    public async Task<bool> TryBeginAsync(HttpContext http, BrowserSession present, ImpersonationOffer offer, User user)
    {
        var cancellationToken = http.RequestAborted;
        var (nonce, nobodys) = (RandomNumberGenerator.GetHexString(32), RandomNumberGenerator.GetHexString(32));
        var session = Session.Impersonate(offer, user, RequestSource.Of(http), time.GetUtcNow());
        session.BrowserNonce = nonce;
        try
        {
            await context.TransactAsync(
                async token =>
                {
                    context.Add(session);
                    await context.SaveChangesAsync(token);
                    await context.Sessions.Where(row => row.Id == present.Session.Id)
                        .ExecuteUpdateAsync(set => set.SetProperty(row => row.BrowserNonce, nobodys), token);
                },
                cancellationToken);
        }
        catch (DbUpdateException)
        {
            context.ChangeTracker.Clear();
            if (!await context.Sessions.AnyAsync(row => row.Id == offer.Id, cancellationToken))
            {
                throw;
            }

            return false;
        }

        Log.Begun(logger, offer.Administrator, offer.User, offer.Id);
        await BrowserTicket.WriteAsync(
            http, session.Id, nonce, isRemembered: false, isImpersonation: true, time.GetUtcNow(), session.BrowserExpiresAt!.Value);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Administrator} acts as {User} in the session {Session}")]
        public static partial void Begun(ILogger logger, Guid administrator, Guid user, Guid session);
    }
}
