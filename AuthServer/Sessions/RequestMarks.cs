using AuthServer.Hosting;
using AuthServer.Protocol;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using OpenIddict.Abstractions;

namespace AuthServer.Sessions;

/// <summary>What a person has done for one authorization request.</summary>
/// <param name="RequestUri">Names the request as it lies in the database.</param>
/// <param name="Session">In which it was done: a mark is worth nothing in another one.</param>
internal sealed record RequestMark(string RequestUri, Guid Session)
{
    public bool IsSignedIn { get; init; }

    /// <summary>Whether the account was chosen, as <c>prompt=select_account</c> asks.</summary>
    public bool IsChosen { get; init; }

    public bool IsConsented { get; init; }

    public bool IsEmpty => !IsSignedIn && !IsChosen && !IsConsented;
}

/// <summary>
/// Marks travel in the address to which the pages lead back. So <c>prompt</c> and <c>max_age</c> are met by what was done for this request, and
/// not by comparing its time with that of a sign-in: such a comparison errs within a second and between the clocks of two nodes.
/// </summary>
internal sealed class RequestMarks(IDataProtectionProvider protection, TimeProvider time)
{
    public const string Parameter = "progress";

    // As long as a request is kept.
    private readonly ProtectedValue<RequestMark> values = new("RequestMark", TimeSpan.FromHours(1), protection, time);

    /// <param name="target">Where a page leads to; returned as it is unless it is the authorize endpoint.</param>
    /// <param name="done">Adds to what was done before.</param>
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

    /// <returns>An empty one where nothing was done, or for another request, or in another session.</returns>
    public RequestMark Find(string? text, string requestUri, Guid? session) =>
        values.Unprotect(text) is { } mark && mark.RequestUri == requestUri && mark.Session == session ? mark : new RequestMark(requestUri, session ?? default);

    /// <returns>The name of the request that an address leads on with; null where it is none.</returns>
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
