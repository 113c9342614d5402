using System.Globalization;
using System.Security.Claims;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace ResourceApi.Bearer;

/// <summary>
/// How recent and how strong a sign-in must be for an endpoint. It is endpoint metadata, so that the challenge can name it (RFC
/// 9470 3). The app then sends the user to the issuer with the same <c>max_age</c> and <c>acr_values</c>.
/// </summary>
/// <param name="MaxAge">How long ago the user may have signed in; null for no limit.</param>
/// <param name="AcrValues">The accepted levels; one of them is enough. Empty: every level is accepted.</param>
internal sealed record RequiredSignIn(TimeSpan? MaxAge, IReadOnlyList<string> AcrValues)
{
    public bool IsMetBy(ClaimsPrincipal token, DateTimeOffset now) =>
        (MaxAge is not { } age || (AuthenticatedAt(token) is { } at && at + age >= now))
        && (AcrValues.Count is 0 || AcrValues.Contains(token.FindFirstValue(Claims.AuthenticationContextReference)));

    private static DateTimeOffset? AuthenticatedAt(ClaimsPrincipal token) =>
        long.TryParse(token.FindFirstValue(Claims.AuthenticationTime), CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}

internal static class RequiredSignInExtensions
{
    public static TBuilder RequireSignIn<TBuilder>(this TBuilder endpoint, TimeSpan? maxAge, params string[] acrValues)
        where TBuilder : IEndpointConventionBuilder
    {
        var required = new RequiredSignIn(maxAge, acrValues);
        return endpoint
            .RequireAuthorization(policy => policy.RequireAssertion(context =>
                context.Resource is HttpContext http
                    && required.IsMetBy(context.User, http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow())))
            .WithMetadata(required);
    }
}
