using Microsoft.AspNetCore.Identity;

namespace AuthServer.Users;

/// <summary>What names and addresses are compared by, whichever door they came in by. Text that can be neither is nobody's: empty.</summary>
internal sealed class LookupNormalizer : ILookupNormalizer
{
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(name))]
    public string? NormalizeName(string? name) => name is null ? null : UserNames.Comparable(name);

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(email))]
    public string? NormalizeEmail(string? email) => NormalizeName(email);
}
