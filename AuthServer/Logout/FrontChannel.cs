using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Protocol;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Logout;

/// <summary>A session that has just ended in a browser, between what ended it and the page that tells apps.</summary>
/// <param name="Next">Where the browser goes from there, on this server; null for nowhere.</param>
internal sealed record EndedSession(Guid Session, string? Next);

/// <summary>
/// Has the browser itself tell apps that it is signed out, by a frame for each (OpenID Connect Front-Channel Logout 1.0). It
/// reaches those whose cookies the browser sends from a frame, and only when the person signs out there.
/// </summary>
internal sealed class FrontChannel(
    AuthDbContext context, ClientCache clients, IOptions<ConnectOptions> connect, IDataProtectionProvider protection, TimeProvider time)
{
    /// <summary>Of <see cref="Paths.SignOut"/>: a protected <see cref="EndedSession"/>.</summary>
    public const string Parameter = "ended";

    private readonly ProtectedValue<EndedSession> ended = new("FrontChannelLogout", TimeSpan.FromMinutes(5), protection, time);

    /// <param name="next">A local address.</param>
    /// <returns>The page that tells the apps of the session; null when none of them wants to be told so.</returns>
    public async Task<string?> PageOfAsync(Guid session, string? next, CancellationToken cancellationToken) =>
        (await AddressesAsync(session, cancellationToken)).Count is 0 ? null
            : QueryHelpers.AddQueryString(Paths.SignOut, Parameter, ended.Protect(new EndedSession(session, next)));

    /// <returns>Null for what this server has not written, or minutes ago.</returns>
    public EndedSession? Read(string? text) => ended.Unprotect(text);

    /// <summary>What the frames show (3): the registered addresses, with the issuer and the session unless the app does not want these.</summary>
    public async Task<IReadOnlyList<string>> AddressesAsync(Guid session, CancellationToken cancellationToken)
    {
        var apps = await context.Authorizations.Where(part => part.SessionId == session && part.Application != null)
            .Select(part => part.Application!.ClientId!).Distinct().ToListAsync(cancellationToken);
        var addresses = new List<string>();
        foreach (var app in apps)
        {
            if (await clients.FindAsync(context, app, cancellationToken) is { Policy: { FrontChannelLogoutUri: { } address } policy })
            {
                addresses.Add(policy.FrontChannelLogoutNamesSession ? Named(address, session) : address);
            }
        }

        return addresses;
    }

    private string Named(string address, Guid session) => QueryHelpers.AddQueryString(address, new Dictionary<string, string?>
    {
        [Parameters.Iss] = connect.Value.IssuerUri.AbsoluteUri,
        [ProtocolNames.SessionIdClaim] = session.ToString(),
    });
}
