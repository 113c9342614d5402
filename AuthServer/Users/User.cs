using Microsoft.AspNetCore.Identity;

namespace AuthServer.Users;

/// <summary>A person. The id is a version 7 <see cref="Guid"/> and becomes the <c>sub</c> of every token.</summary>
internal sealed class User : IdentityUser<Guid>
{
    /// <summary>How the user name looks to the eye (<see cref="Confusables"/>). It is set whenever the name is, and is unique.</summary>
    public string? NameSkeleton { get; set; }

    /// <summary>The name shown to people, and the <c>name</c> claim. If it is null, the user name is shown.</summary>
    public string? DisplayName { get; set; }

    /// <summary>
    /// The language for mails, taken from the pages at the last sign-in in a known browser. Null before the first sign-in.
    /// </summary>
    public string? Language { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Set while the account is locked by an operator: the user cannot sign in anywhere until it is unlocked.</summary>
    /// <remarks>Not the same as <see cref="Lockout"/>, which follows failed attempts and ends after some time.</remarks>
    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>Identity's security stamp; empty, never null. It changes with the credentials.</summary>
    public string Stamp => SecurityStamp ?? "";
}
