using Microsoft.Net.Http.Headers;

namespace SampleClient.Hosting;

/// <summary>
/// The forms of this app are URL-encoded and in UTF-8. The content type of any other body is removed: the antiforgery check then
/// finds no form and answers 400, while reading the body would throw at some charsets.
/// </summary>
internal static class PlainForms
{
    public static void UsePlainForms(this WebApplication app) => app.Use((context, next) =>
    {
        if (!IsPlain(context.Request.ContentType))
        {
            context.Request.Headers.Remove(HeaderNames.ContentType);
        }

        return next(context);
    });

    private static bool IsPlain(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
            && type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}
