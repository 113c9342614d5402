using AuthServer.Hosting;
using AuthServer.Protocol;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using OpenIddict.Abstractions;

namespace AuthServer.Sessions;

/// <summary>The steps that a user has done for one authorization request.</summary>
/// <param name="RequestUri">The name of the request in the database.</param>
/// <param name="Session">The session in which the steps were done. The mark is not valid in another session.</param>
internal sealed record RequestMark(string RequestUri, Guid Session)
{
    public bool IsSignedIn { get; init; }

    /// <summary>True if the user has chosen the account, as <c>prompt=select_account</c> requires.</summary>
    public bool IsChosen { get; init; }

    public bool IsConsented { get; init; }

    public bool IsEmpty => !IsSignedIn && !IsChosen && !IsConsented;
}

/// <summary>
/// Marks travel in the return address of the pages. So <c>prompt</c> and <c>max_age</c> are satisfied by steps done for this very
/// request. A comparison of its time with the time of a sign-in would be wrong within a second, and between nodes whose clocks differ.
/// </summary>
internal sealed class RequestMarks(IDataProtectionProvider protection, TimeProvider time)
{
    public const string Parameter = "progress";

    // A request is kept just as long.
    private readonly ProtectedValue<RequestMark> values = new("RequestMark", TimeSpan.FromHours(1), protection, time);

    /// <param name="target">The address to which a page leads. It is returned unchanged unless it is the authorize endpoint.</param>
    /// <param name="done">Adds a step to the steps done before.</param>
    public string Add(string target, Guid session, Func<RequestMark, RequestMark> done)
    {
        if (RequestUriOf(target, out var query) is not { } requestUri)
        {
            return target;
        }

        var mark = done(Find(query.GetValueOrDefault(Parameter), requestUri, session));
        query[Parameter] = values.Protect(mark);
        return QueryHelpers.AddQueryString(Paths.Authorize, query);
    }

    /// <returns>An empty mark if no step was done, or if the text is for another request or session.</returns>
    public RequestMark Find(string? text, string requestUri, Guid? session) =>
        values.Unprotect(text) is { } mark && mark.RequestUri == requestUri && mark.Session == session
            ? mark
            : new RequestMark(requestUri, session ?? default);

    /// <returns>The name of the authorization request that an address continues; null if it continues none.</returns>
    public static string? RequestUriOf(string? address) => RequestUriOf(address, out _);

    private static string? RequestUriOf(string? address, out Dictionary<string, Microsoft.Extensions.Primitives.StringValues> query)
    {
        query = [];
        if (address?.Split('?', 2) is not [var path, var text] || path != Paths.Authorize.Value)
        {
            return null;
        }

        query = QueryHelpers.ParseQuery(text);
        return query.GetValueOrDefault(OpenIddictConstants.Parameters.RequestUri) is [{ Length: > 0 } name] ? name : null;
    }
}
