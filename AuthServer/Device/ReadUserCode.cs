using AuthServer.Users;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Device;

/// <summary>Accepts a user code in the ways that people type it (RFC 8628 6.1). <see cref="TypedCode"/> has the rules.</summary>
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

    /// <returns>The code as devices show it, in groups of four. A code with letters is not found.</returns>
    private static string Normalize(string typed) =>
        string.Join('-', TypedCode.Normalize(typed).Chunk(DigitsOfGroup).Select(group => new string(group)));
}
