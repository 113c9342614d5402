using Microsoft.AspNetCore.Identity;

namespace AuthServer.Users;

/// <summary>As Identity's, which throws at what is no Unicode text (U+FFFE, unpaired surrogates): that is nobody's name.</summary>
internal sealed class LookupNormalizer : ILookupNormalizer
{
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(name))]
    public string? NormalizeName(string? name)
    {
        try
        {
            return name?.Normalize().ToUpperInvariant();
        }
        catch (ArgumentException)
        {
            return "";
        }
    }

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(email))]
    public string? NormalizeEmail(string? email) => NormalizeName(email);
}
