using Microsoft.AspNetCore.Identity;

namespace AuthServer.Users;

/// <summary>
/// The form in which names and addresses are compared, wherever they come from. Text that can be neither becomes empty and matches nobody.
/// </summary>
internal sealed class LookupNormalizer : ILookupNormalizer
{
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(name))]
    public string? NormalizeName(string? name) => name is null ? null : UserNames.Comparable(name);

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(email))]
    public string? NormalizeEmail(string? email) => NormalizeName(email);
}
