namespace AuthServer.AdminApi;

/// <summary>A user to be added.</summary>
/// <param name="Name">The user name; without it, the address is the name.</param>
/// <param name="Email">The address, for mails and to sign in with.</param>
/// <param name="DisplayName">The name that apps show.</param>
/// <param name="Roles">Names of roles that the user gets.</param>
/// <param name="EmailConfirmed">True if it is known that the address is the user's.</param>
/// <param name="Password">Without it, the user has none until they set one by the link of a mail.</param>
internal sealed record UserInput(
    string Email, string? Name = null, bool EmailConfirmed = false, string? DisplayName = null, IReadOnlyList<string>? Roles = null,
    string? Password = null);

/// <summary>What changes of a user. A field that is not sent stays as it is.</summary>
internal sealed record UserPatch
{
    /// <summary>The user name.</summary>
    public Patched<string> Name { get; init; }

    /// <summary>A new address counts as confirmed if the old one did, unless <c>emailConfirmed</c> is sent.</summary>
    public Patched<string> Email { get; init; }

    /// <summary>True if it is known that the address is the user's.</summary>
    public Patched<bool> EmailConfirmed { get; init; }

    /// <summary>The name that apps show; null for none.</summary>
    public Patched<string?> DisplayName { get; init; }

    /// <summary>Of mails: a language of the pages.</summary>
    public Patched<string?> Language { get; init; }
}

/// <summary>A new password.</summary>
/// <param name="Password">By the rules of the pages: long enough, and not known to everybody.</param>
internal sealed record PasswordInput(string Password);
