using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace SampleClient.Answers;

/// <summary>The Bearer challenge with which the API refused a call (RFC 6750 3), reduced to the values that this app uses.</summary>
/// <param name="Error">Null if the request had no token.</param>
/// <param name="Scope">The scope that the API requires.</param>
/// <param name="MaxAge">RFC 9470 3: the largest accepted age of the sign-in, in seconds.</param>
/// <param name="AcrValues">RFC 9470 3: the accepted levels of the sign-in, separated by spaces; one of them is enough.</param>
internal sealed record Challenge(string? Error, string? Scope, int? MaxAge, string? AcrValues)
{
    private const string InsufficientUserAuthentication = "insufficient_user_authentication";

    /// <summary>True if another sign-in would help and the API says which one.</summary>
    public bool IsStepUp => Error is InsufficientUserAuthentication && (MaxAge is not null || AcrValues is not null);

    /// <returns>Null if the response has no readable challenge.</returns>
    public static Challenge? Of(HttpResponseMessage response)
    {
        var bearer = response.Headers.WwwAuthenticate.FirstOrDefault(
            challenge => challenge.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase));
        return bearer?.Parameter is { } text && NameValueHeaderValue.TryParseList([text], out var parameters)
            ? new Challenge(Value("error"), Value("scope"), Seconds(Value("max_age")), Value("acr_values"))
            : null;

        string? Value(string name) => parameters.FirstOrDefault(
            parameter => parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.GetUnescapedValue().Value;
    }

    private static int? Seconds(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;
}
