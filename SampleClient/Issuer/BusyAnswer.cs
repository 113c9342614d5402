using System.Globalization;
using System.Net;
using OpenIddict.Client;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Client.OpenIddictClientEvents;
using static OpenIddict.Client.SystemNetHttp.OpenIddictClientSystemNetHttpHandlers;

namespace SampleClient.Issuer;

/// <summary>
/// Handles the responses 429 and 503 of the token endpoint. OpenIddict passes on only the <c>error</c> of the body. The status and
/// Retry-After, which users want to know, would be lost.
/// </summary>
internal sealed class BusyAnswer(TimeProvider time) : IOpenIddictClientHandler<ExtractTokenResponseContext>
{
    public const string Error = Errors.TemporarilyUnavailable;

    public static OpenIddictClientHandlerDescriptor Descriptor { get; }
        = OpenIddictClientHandlerDescriptor.CreateBuilder<ExtractTokenResponseContext>()
            .UseSingletonHandler<BusyAnswer>()
            .SetOrder(ExtractJsonHttpResponse<ExtractTokenResponseContext>.Descriptor.Order - 500)
            .Build();

    public ValueTask HandleAsync(ExtractTokenResponseContext context)
    {
        if (context.Transaction.GetHttpResponseMessage() is
            { StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable } answer)
        {
            var wait = answer.Headers.RetryAfter switch
            {
                { Delta: { } delta } => delta,
                { Date: { } date } => date - time.GetUtcNow(),
                _ => TimeSpan.Zero,
            };
            context.Reject(Error, wait.TotalSeconds.ToString(CultureInfo.InvariantCulture));
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Reads the description that was written above.</summary>
    public static TimeSpan? RetryAfter(string? description) =>
        double.TryParse(description, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 ? TimeSpan.FromSeconds(seconds) : null;
}
