using System.Globalization;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Device;

/// <summary>Reads a user code as people type it (RFC 8628 6.1): with other separators or none, with the full-width digits of an East Asian keyboard.</summary>
internal sealed class ReadUserCode : IOpenIddictServerHandler<ValidateEndUserVerificationRequestContext>
{
    private const int DigitsOfGroup = 4;

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateEndUserVerificationRequestContext>()
            .UseSingletonHandler<ReadUserCode>()
            .SetOrder(int.MinValue)
            .Build();

    public ValueTask HandleAsync(ValidateEndUserVerificationRequestContext context)
    {
        if (context.Request.UserCode is { } typed)
        {
            context.Request.UserCode = Normalize(typed);
        }

        return ValueTask.CompletedTask;
    }

    /// <returns>As devices show it: groups of four digits. What has other characters in it is left alone, and is no code.</returns>
    public static string Normalize(string typed)
    {
        var digits = new List<char>();
        foreach (var character in typed)
        {
            if (char.IsDigit(character))
            {
                digits.Add((char)('0' + CharUnicodeInfo.GetDecimalDigitValue(character)));
            }
            else if (!char.IsWhiteSpace(character) && char.GetUnicodeCategory(character) is not UnicodeCategory.DashPunctuation)
            {
                return typed;
            }
        }

        return string.Join('-', digits.Chunk(DigitsOfGroup).Select(group => new string(group)));
    }
}
