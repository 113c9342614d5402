using AuthServer.Protocol;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Authorize;

/// <summary>What a client is told at its redirect URI (RFC 6749 4.1.2.1, OpenID Connect Core 3.1.2.6).</summary>
internal static class AuthorizeErrors
{
    public static readonly OAuthError UnknownClient = new(Errors.UnauthorizedClient, "The client is not registered any more.");

    public static readonly OAuthError LoginRequired = new(Errors.LoginRequired, "Nobody is signed in who meets the request.");

    /// <summary>RFC 9470 5.</summary>
    public static readonly OAuthError UnmetRequirements =
        new("unmet_authentication_requirements", "The person has set up nothing that is as strong as is asked for.");

    /// <summary>OpenID Connect Core 5.5.1.1.</summary>
    public static readonly OAuthError UnattainableLevel =
        UnmetRequirements with { Description = "None of the 'acr' values that are essential to the request is one of this server's." };

    public static readonly OAuthError ConsentRequired = new(Errors.ConsentRequired, "The person has not consented to all that is asked for.");

    /// <summary>RFC 9126 7.3: a request is for one sign-in.</summary>
    public static readonly OAuthError Answered = new(Errors.InvalidRequestUri, "The request has already been used.");

    public static readonly OAuthError AccessDenied = new(Errors.AccessDenied, "The person said no.");
}
