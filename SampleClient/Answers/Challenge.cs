using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace SampleClient.Answers;

/// <summary>Why the API turned a call down: its Bearer challenge (RFC 6750 3), of which an app acts on these.</summary>
/// <param name="Error">Null when there was no token.</param>
/// <param name="Scope">What the token would have to allow.</param>
/// <param name="MaxAge">RFC 9470 3: how many seconds ago the person may have signed in at most.</param>
/// <param name="AcrValues">RFC 9470 3: how strong the sign-in has to be, as levels of which one is enough, separated by spaces.</param>
internal sealed record Challenge(string? Error, string? Scope, int? MaxAge, string? AcrValues)
{
    private const string InsufficientUserAuthentication = "insufficient_user_authentication";

    /// <summary>Whether another sign-in would help, and the API says which.</summary>
    public bool IsStepUp => Error is InsufficientUserAuthentication && (MaxAge is not null || AcrValues is not null);

    /// <returns>Null when the answer has none that can be read.</returns>
    public static Challenge? Of(HttpResponseMessage response)
    {
        var bearer = response.Headers.WwwAuthenticate.FirstOrDefault(challenge => challenge.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase));
        return bearer?.Parameter is { } text && NameValueHeaderValue.TryParseList([text], out var parameters)
            ? new Challenge(Value("error"), Value("scope"), Seconds(Value("max_age")), Value("acr_values"))
            : null;

        string? Value(string name) => parameters.FirstOrDefault(parameter => parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.GetUnescapedValue().Value;
    }

    private static int? Seconds(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;
}
