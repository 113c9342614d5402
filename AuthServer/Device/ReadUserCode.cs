using AuthServer.Users;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Device;

/// <summary>Reads a user code as people type it (RFC 8628 6.1), by <see cref="TypedCode"/>.</summary>
internal sealed class ReadUserCode : IOpenIddictServerHandler<ValidateEndUserVerificationRequestContext>
{
    private const int DigitsOfGroup = 4;

    public ValueTask HandleAsync(ValidateEndUserVerificationRequestContext context)
    {
        if (context.Request.UserCode is { } typed)
        {
            context.Request.UserCode = Normalize(typed);
        }

        return ValueTask.CompletedTask;
    }

    /// <returns>As devices show it: groups of four digits. What has letters in it is no code.</returns>
    private static string Normalize(string typed) => string.Join('-', TypedCode.Plain(typed).Chunk(DigitsOfGroup).Select(group => new string(group)));
}
