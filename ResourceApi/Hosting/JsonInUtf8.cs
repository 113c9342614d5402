using Microsoft.Net.Http.Headers;

namespace ResourceApi.Hosting;

/// <summary>
/// JSON is in UTF-8 (RFC 8259 8.1): any other charset is answered 415. Reading JSON would throw at a charset that
/// it does not know, and at one in quotes.
/// </summary>
internal static class JsonInUtf8
{
    public static void UseJsonInUtf8(this WebApplication app) => app.Use((context, next) =>
    {
        if (MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) && type.Charset.HasValue)
        {
            if (!HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            {
                context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
                return Task.CompletedTask;
            }

            context.Request.ContentType = type.MediaType.Value;
        }

        return next(context);
    });
}
