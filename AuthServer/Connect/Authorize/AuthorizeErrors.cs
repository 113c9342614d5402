using AuthServer.Protocol;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Authorize;

/// <summary>The errors that a client receives at its redirect URI (RFC 6749 4.1.2.1, OpenID Connect Core 3.1.2.6).</summary>
internal static class AuthorizeErrors
{
    public static readonly OAuthError UnknownClient = new(Errors.UnauthorizedClient, "The client is no longer registered.");

    public static readonly OAuthError LoginRequired = new(Errors.LoginRequired, "No user is signed in who meets the request.");

    /// <summary>RFC 9470 5.</summary>
    public static readonly OAuthError UnmetRequirements =
        new("unmet_authentication_requirements", "The user has set up nothing that is as strong as requested.");

    /// <summary>OpenID Connect Core 5.5.1.1.</summary>
    public static readonly OAuthError UnattainableLevel =
        UnmetRequirements with { Description = "This server supports none of the request's essential 'acr' values." };

    /// <summary>An administrator acts as the user: the request demands what only the user can do.</summary>
    public static readonly OAuthError Impersonated =
        UnmetRequirements with { Description = "An administrator acts as the user, who cannot be asked to sign in." };

    public static readonly OAuthError ConsentOfImpersonated =
        new(Errors.AccessDenied, "An administrator acts as the user, and cannot consent for them.");

    public static readonly OAuthError ConsentRequired = new(Errors.ConsentRequired, "The user has not consented to everything requested.");

    /// <summary>RFC 9126 7.3: a request that one user has answered is not for another user.</summary>
    public static readonly OAuthError Answered = new(Errors.InvalidRequestUri, "The request has already been used.");

    public static readonly OAuthError AccessDenied = new(Errors.AccessDenied, "The user refused.");
}
