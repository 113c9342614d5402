using System.Text;
using AuthServer.Protocol;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Requests;

/// <summary>
/// RFC 6749 2.3: a request has one client. A Basic header that cannot be read is <c>invalid_client</c> (5.2). A Basic header beside the
/// <c>client_id</c> of another client is <c>invalid_request</c>. OpenIddict alone would answer <c>invalid_request</c> to the first, and
/// would ignore the <c>client_id</c> in the second.
/// </summary>
internal static class BasicCredentials
{
    private const string Scheme = "Basic";

    private static readonly OAuthError Unreadable =
        new(
            Errors.InvalidClient,
            "The Authorization header is not Basic with an id and a secret in base64 (RFC 6749 2.3.1).",
            StatusCodes.Status401Unauthorized);

    private static readonly OAuthError TwoClients =
        new(Errors.InvalidRequest, "The 'client_id' is not that of the Authorization header.");

    /// <param name="form">The request's parameters.</param>
    public static OAuthError? ProblemOf(HttpRequest request, IReadOnlyDictionary<string, StringValues> form)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.Equals(Scheme, StringComparison.OrdinalIgnoreCase)
            && !header.StartsWith(Scheme + " ", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        return IdOf(header[Scheme.Length..].Trim()) is not { Length: > 0 } id ? Unreadable
            : form.TryGetValue(Parameters.ClientId, out var named) && !id.Equals(named.ToString(), StringComparison.Ordinal) ? TwoClients
            : null;
    }

    /// <summary>RFC 9110 11.6.1: the refusal names the scheme that the client tried.</summary>
    public static Task RefuseAsync(HttpContext context, OAuthError problem)
    {
        if (problem == Unreadable)
        {
            context.Response.Headers[HeaderNames.WWWAuthenticate] = "Basic realm=\"AuthServer\"";
        }

        return problem.ExecuteAsync(context);
    }

    private static string? IdOf(string credentials)
    {
        var bytes = new byte[credentials.Length];
        if (!Convert.TryFromBase64String(credentials, bytes, out var length))
        {
            return null;
        }

        var pair = Encoding.ASCII.GetString(bytes, 0, length);
        return pair.IndexOf(':', StringComparison.Ordinal) is var split and >= 0
            ? Uri.UnescapeDataString(pair[..split].Replace('+', ' '))
            : null;
    }
}
