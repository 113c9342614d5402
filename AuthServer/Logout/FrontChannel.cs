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

/// <summary>A session that has just ended in a browser. It is handed to the page that notifies the apps.</summary>
/// <param name="Next">The address on this server to which the browser then goes; null if it stays.</param>
internal sealed record EndedSession(Guid Session, string? Next);

/// <summary>
/// Lets the browser itself notify the apps of a sign-out, with a frame for each app (OpenID Connect Front-Channel Logout 1.0). It reaches
/// only apps whose cookies the browser sends from a frame, and only when the user signs out in that browser.
/// </summary>
internal sealed class FrontChannel(
    AuthDbContext context, ClientCache clients, IOptions<ConnectOptions> connect, IDataProtectionProvider protection, TimeProvider time)
{
    /// <summary>The query parameter of <see cref="Paths.SignOut"/> that holds a protected <see cref="EndedSession"/>.</summary>
    public const string Parameter = "ended";

    private readonly ProtectedValue<EndedSession> ended = new("FrontChannelLogout", TimeSpan.FromMinutes(5), protection, time);

    /// <param name="next">A local address.</param>
    /// <returns>The address of the page that notifies the apps of the session; null if no app has a front-channel logout URI.</returns>
    public async Task<string?> PageOfAsync(Guid session, string? next, CancellationToken cancellationToken) =>
        (await AddressesAsync(session, cancellationToken)).Count is 0 ? null
            : QueryHelpers.AddQueryString(Paths.SignOut, Parameter, ended.Protect(new EndedSession(session, next)));

    /// <returns>Null if this server did not write the text, or wrote it more than five minutes ago.</returns>
    public EndedSession? Read(string? text) => ended.Unprotect(text);

    /// <summary>
    /// The addresses of the frames (3): the registered URIs, with <c>iss</c> and <c>sid</c> unless the app does not want these.
    /// </summary>
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
