using Microsoft.Net.Http.Headers;

namespace ResourceApi.Hosting;

/// <summary>
/// JSON is in UTF-8 (RFC 8259 8.1): any other charset is answered with 415. Without this, the JSON reader would throw if the
/// charset is unknown to it or stands in quotes.
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
