using AuthServer.Clients;
using AuthServer.Protocol;
using Microsoft.AspNetCore.WebUtilities;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Pages;

/// <summary>
/// The app's request that a page leads back to. Whether it can still be answered is looked up before the person types a password, not
/// found out after.
/// </summary>
internal sealed class BegunRequests(IOpenIddictTokenManager tokens, TimeProvider time)
{
    /// <param name="returnUrl">Where a page leads to.</param>
    /// <returns>False also where it leads to no request that is kept.</returns>
    public async Task<bool> IsOverAsync(string? returnUrl, CancellationToken cancellationToken)
    {
        if (returnUrl?.Split('?', 2) is not [var path, var query]
            || !new PathString(path).IsUnderAny([Paths.Authorize, Paths.EndSession])
            || QueryHelpers.ParseQuery(query).GetValueOrDefault(Parameters.RequestUri) is not [{ } name]
            || !name.StartsWith(RequestUris.Prefixes.Generic, StringComparison.Ordinal))
        {
            return false;
        }

        return await tokens.FindByReferenceIdAsync(name[RequestUris.Prefixes.Generic.Length..], cancellationToken) is not Token { Status: Statuses.Valid } kept
            || kept.ExpirationDate <= time.GetUtcNow().UtcDateTime;
    }
}

/// <summary>A feature of a request to a page: the app's request that it is for has been answered or has run out.</summary>
/// <param name="App">Where to begin anew.</param>
internal sealed record RequestIsOver(PageApp? App);
