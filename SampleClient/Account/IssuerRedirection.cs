using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using OpenIddict.Client;
using OpenIddict.Client.AspNetCore;
using SampleClient.Issuer;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Client.OpenIddictClientEvents;
using Given = OpenIddict.Client.AspNetCore.OpenIddictClientAspNetCoreConstants.Tokens;
using Properties = OpenIddict.Client.AspNetCore.OpenIddictClientAspNetCoreConstants.Properties;

namespace SampleClient.Account;

/// <summary>The result of a redirect to the issuer, after the browser has come back.</summary>
/// <param name="ReturnUrl">Where the user wanted to go; null if the state, which says so, is not valid.</param>
/// <param name="Properties">Those that the sign-in began with; null if it has failed.</param>
internal sealed record Returned(IssuerAnswer Answer, string? ReturnUrl, AuthenticationProperties? Properties = null);

/// <summary>
/// The requests that go to the issuer through the browser: sign in (OpenID Connect Core 3.1, with PKCE and, if the issuer supports
/// it, RFC 9126) and sign out (OpenID Connect RP-Initiated Logout). OpenIddict's client validates what comes back: that this app
/// gave the state to this browser, iss (RFC 9207), nonce and the ID token.
/// </summary>
internal sealed partial class IssuerRedirection(BegunSignIns begun, TimeProvider time, ILogger<IssuerRedirection> logger)
{
    private const string Scheme = OpenIddictClientAspNetCoreDefaults.AuthenticationScheme;
    private const string UnmetAuthenticationRequirements = "unmet_authentication_requirements";

    /// <summary>Sends the browser to the issuer's sign-in.</summary>
    /// <param name="context">The request to answer.</param>
    /// <param name="returnUrl">A local URL. It travels in the protected state.</param>
    /// <param name="userName">The user who was signed in before, if known.</param>
    /// <returns>Null if the response is written; otherwise the reason why it is not.</returns>
    public Task<IssuerAnswer?> SendToSignInAsync(HttpContext context, string returnUrl, string? userName)
    {
        var properties = new AuthenticationProperties { RedirectUri = returnUrl };
        if (userName is not null)
        {
            properties.SetString(Properties.LoginHint, userName);
        }

        return SendToSignInAsync(context, properties, "sign in");
    }

    /// <summary>Sends the browser to a sign-in with further parameters.</summary>
    /// <param name="context">
    /// The request to answer. Its path begins with /account: only there do browsers send the cookies of other sign-ins under way.
    /// </param>
    /// <param name="properties">They travel in the protected state and come back in <see cref="Returned"/>.</param>
    /// <param name="what">What the browser could not do, if it cannot be sent there. For the log.</param>
    /// <returns>Null if the response is written; otherwise the reason why it is not.</returns>
    public async Task<IssuerAnswer?> SendToSignInAsync(HttpContext context, AuthenticationProperties properties, string what)
    {
        await context.ChallengeAsync(Scheme, properties);
        begun.MakeRoom(context);
        return WhyNot(context, what);
    }

    /// <summary>Sends the browser to the issuer's sign-out.</summary>
    /// <param name="context">The request to answer.</param>
    /// <param name="identityToken">Tells the issuer which sign-in to end, so that it need not ask the user.</param>
    /// <returns>Null if the response is written; otherwise the reason why it is not.</returns>
    public async Task<IssuerAnswer?> SendToSignOutAsync(HttpContext context, string? identityToken)
    {
        var properties = new AuthenticationProperties { RedirectUri = "/" };
        if (identityToken is not null)
        {
            properties.SetString(Properties.IdentityTokenHint, identityToken);
        }

        await context.SignOutAsync(Scheme, properties);
        begun.MakeRoom(context);
        return WhyNot(context, "sign out");
    }

    /// <summary>Reads the result of a sign-in that the browser brought back. OpenIddict has already redeemed the code.</summary>
    public async Task<Returned> ReceiveAsync(HttpContext context)
    {
        var result = await context.AuthenticateAsync(Scheme);
        if (result is not { Succeeded: true, Properties: { } properties }
            || properties.GetTokenValue(Given.BackchannelAccessToken) is not { } accessToken)
        {
            var (error, reason) =
                (result.Properties?.GetString(Properties.Error), result.Properties?.GetString(Properties.ErrorDescription));
            var returnUrl = ReturnUrlOf(context);

            // OpenIddict turns an unknown error into invalid_request. If the state is valid, the issuer's own error counts.
            if (returnUrl is not null && context.Request.Query[Parameters.Error] == UnmetAuthenticationRequirements)
            {
                error = UnmetAuthenticationRequirements;
            }

            return new Returned(Failed("sign in", error ?? Errors.MissingToken, reason), returnUrl);
        }

        DateTimeOffset? expiresAt = DateTimeOffset.TryParse(
            properties.GetTokenValue(Given.BackchannelAccessTokenExpirationDate), CultureInfo.InvariantCulture, out var at) ? at : null;
        var tokens = TokenSet.Of(
            accessToken, expiresAt, properties.GetTokenValue(Given.RefreshToken),
            properties.GetTokenValue(Given.BackchannelIdentityToken), time.GetUtcNow());
        return new Returned(new IssuerAnswer(tokens, Person: result.Principal), properties.RedirectUri, properties);
    }

    /// <summary>True if the browser comes back from a sign-out at the issuer that this app has started.</summary>
    public static async Task<bool> IsSignedOutAsync(HttpContext context) => (await context.AuthenticateAsync(Scheme)).Succeeded;

    private IssuerAnswer? WhyNot(HttpContext context, string what) =>
        TransactionOf(context) is { } transaction && KeepError.Of(transaction) is { } failed
            ? Failed(what, failed.Error, failed.ErrorDescription)
            : null;

    private IssuerAnswer Failed(string what, string? error, string? description)
    {
        var fault = FaultOf(error);
        Log.Failed(logger, what, fault, $"{error}: {description}");
        return IssuerAnswer.Failed(fault);
    }

    private static IssuerFault FaultOf(string? error) => error switch
    {
        Errors.AccessDenied => IssuerFault.Denied,
        UnmetAuthenticationRequirements => IssuerFault.TooWeak,
        Errors.ServerError => IssuerFault.Away,
        Errors.TemporarilyUnavailable => IssuerFault.Busy,
        Errors.LoginRequired or Errors.ConsentRequired or Errors.InteractionRequired or Errors.AccountSelectionRequired =>
            IssuerFault.Refused,

        // OpenIddict reports these for a state that is missing, expired, used or from another browser; the issuer for such a code.
        Errors.InvalidRequest or Errors.InvalidToken or Errors.MissingToken or Errors.InvalidGrant => IssuerFault.Unfinished,
        _ => IssuerFault.RefusesApp,
    };

    private static string? ReturnUrlOf(HttpContext context) =>
        TransactionOf(context)?.GetProperty<ProcessAuthenticationContext>(typeof(ProcessAuthenticationContext).FullName!)?
            .StateTokenPrincipal?.FindFirst(Claims.TargetLinkUri)?.Value;

    private static OpenIddictClientTransaction? TransactionOf(HttpContext context) =>
        context.Features.Get<OpenIddictClientAspNetCoreFeature>()?.Transaction;

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "A browser could not {What}: {Fault}. {Reason}")]
        public static partial void Failed(ILogger logger, string what, IssuerFault fault, string reason);
    }
}
