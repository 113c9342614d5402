using System.Buffers;
using AuthServer.Protocol;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Requests;

/// <summary>
/// Refuses requests that are invalid at every endpoint of the protocol, in the form of RFC 6749 5.2 and before OpenIddict sees them: two
/// clients at once, another media type, a body that is too long or cannot be read. Reads the form for OpenIddict.
/// </summary>
internal sealed class ProtocolErrors(RequestDelegate next)
{
    private const int LongestBody = 64 * 1024;

    // For requests that the database keeps, even from an unknown sender: as long as a URL may be.
    private const int LongestKept = 8 * 1024;

    private static readonly PathString[] Kept = [Paths.Authorize, Paths.EndSession, Paths.PushedAuthorization, Paths.DeviceAuthorization];

    // The time to process scopes grows with the square of their number.
    private const int LongestScope = 2000;

    private const string FormMediaType = "application/x-www-form-urlencoded";

    public async Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!request.Path.IsUnder(Paths.Connect) || !HttpMethods.IsPost(request.Method))
        {
            await next(context);
            return;
        }

        // OpenID Connect Core 5.3.1: userinfo by POST needs no form when the token is in the header.
        if (request.Path.IsUnder(Paths.UserInfo) && request.ContentType is null && request.ContentLength is null or 0)
        {
            request.ContentType = FormMediaType;
        }

        var (parameters, problem) = IsForm(request)
            ? await ReadAsync(context)
            : (null, $"The request must be a form of type {FormMediaType} in UTF-8.");
        if (parameters is null)
        {
            await Refuse(problem).ExecuteAsync(context);
            return;
        }

        if (parameters.TryGetValue(Parameters.Scope, out var scope) && scope.ToString().Length > LongestScope)
        {
            await new OAuthError(Errors.InvalidScope, $"The scope is longer than {LongestScope} characters.").ExecuteAsync(context);
            return;
        }

        if (BasicCredentials.ProblemOf(request, parameters) is { } refusal)
        {
            await BasicCredentials.RefuseAsync(context, refusal);
            return;
        }

        context.Features.Set<IFormFeature>(new FormFeature(new FormCollection(parameters)));
        await next(context);
    }

    private static bool IsForm(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals(FormMediaType, StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static async Task<(Dictionary<string, StringValues>? Parameters, string Problem)> ReadAsync(HttpContext context)
    {
        var longest = context.Request.Path.IsUnderAny(Kept) ? LongestKept : LongestBody;
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (read.Buffer.Length > longest)
            {
                reader.AdvanceTo(read.Buffer.End);
                return (null, $"The request is longer than {longest} bytes.");
            }

            if (read.IsCompleted)
            {
                var body = read.Buffer.IsSingleSegment ? read.Buffer.First : read.Buffer.ToArray();
                var parameters = ProtocolForm.Parse(body.Span, out var problem);
                reader.AdvanceTo(read.Buffer.End);
                return (parameters, problem);
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static OAuthError Refuse(string problem) => new(Errors.InvalidRequest, problem);
}
