using System.Globalization;
using System.Security.Claims;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace ResourceApi.Bearer;

/// <summary>
/// How fresh or strong a sign-in an endpoint asks for. Metadata, so that a challenge can name it (RFC 9470 3); the app then
/// sends the person to the issuer with the same <c>max_age</c> and <c>acr_values</c>.
/// </summary>
/// <param name="MaxAge">How long ago the person may have shown who they are, or null for any time.</param>
/// <param name="AcrValues">The levels of which one is enough; none for any.</param>
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
                context.Resource is HttpContext http && required.IsMetBy(context.User, http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow())))
            .WithMetadata(required);
    }
}
