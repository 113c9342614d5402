using OpenIddict.Abstractions;
using OpenIddict.Validation;
using static OpenIddict.Validation.OpenIddictValidationEvents;
using static OpenIddict.Validation.OpenIddictValidationHandlers.Protection;

namespace ResourceApi.Bearer;

/// <summary>
/// RFC 3986 6.2.2.1 and 6.2.3: an audience means this API even if it differs from the API's identifier in the letter case of scheme
/// and host, in a default port or in an empty path. OpenIddict compares character by character.
/// </summary>
internal sealed class AudienceSpelling : IOpenIddictValidationHandler<ValidateTokenContext>
{
    public static OpenIddictValidationHandlerDescriptor Descriptor { get; }
        = OpenIddictValidationHandlerDescriptor.CreateBuilder<ValidateTokenContext>()
            .UseSingletonHandler<AudienceSpelling>()
            .SetOrder(ValidateAudiences.Descriptor.Order - 500)
            .Build();

    public ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (context.Principal?.GetAudiences() is { IsDefaultOrEmpty: false } audiences)
        {
            var own = context.Options.Audiences.Single();
            context.Principal.SetAudiences([.. audiences.Select(audience => AreSame(audience, own) ? own : audience).Distinct()]);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Path and query must be equal character by character.</summary>
    public static bool AreSame(string one, string other) => Normalize(one) == Normalize(other);

    // Uri lower-cases scheme and host and omits a default port. It would also change the path, so the path is taken from the text.
    private static string Normalize(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            return address;
        }

        var start = address.IndexOf("://", StringComparison.Ordinal) + 3;
        var path = start < 3 ? -1 : address.IndexOfAny(['/', '?', '#'], start);
        var rest = path < 0 ? "" : address[path..];
        return uri.GetLeftPart(UriPartial.Authority) + (rest.StartsWith('/') ? rest : "/" + rest);
    }
}
