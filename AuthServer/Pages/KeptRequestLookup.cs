using AuthServer.Clients;
using AuthServer.Protocol;
using Microsoft.AspNetCore.WebUtilities;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Pages;

/// <summary>
/// The app's request that a page leads back to. The page looks up whether the request can still be answered before the person types a
/// password, and not after.
/// </summary>
internal sealed class KeptRequestLookup(IOpenIddictTokenManager tokens, TimeProvider time)
{
    /// <param name="returnUrl">Where a page leads to.</param>
    /// <returns>True if the kept request has been answered or has expired. False also if the page leads to no kept request.</returns>
    public async Task<bool> IsOverAsync(string? returnUrl, CancellationToken cancellationToken)
    {
        if (returnUrl?.Split('?', 2) is not [var path, var query]
            || !new PathString(path).IsUnderAny([Paths.Authorize, Paths.EndSession])
            || QueryHelpers.ParseQuery(query).GetValueOrDefault(Parameters.RequestUri) is not [{ } name]
            || !name.StartsWith(RequestUris.Prefixes.Generic, StringComparison.Ordinal))
        {
            return false;
        }

        return await tokens.FindByReferenceIdAsync(
            name[RequestUris.Prefixes.Generic.Length..], cancellationToken) is not Token { Status: Statuses.Valid } kept
            || kept.ExpirationDate <= time.GetUtcNow().UtcDateTime;
    }
}

/// <summary>An HTTP feature of a page: the app's request that the page is for has been answered or has expired.</summary>
/// <param name="App">The app, in which the person can start again.</param>
internal sealed record RequestIsOver(PageApp? App);
