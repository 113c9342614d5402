using Microsoft.AspNetCore.Identity;

namespace AuthServer.Users;

/// <summary>A person. The id is a version 7 <see cref="Guid"/> and becomes the <c>sub</c> of every token.</summary>
internal sealed class User : IdentityUser<Guid>
{
    /// <summary>The user name as the eye takes it (<see cref="Confusables"/>), written whenever the name is: no two accounts have the same.</summary>
    public string? NameSkeleton { get; set; }

    /// <summary>The name shown to people, the <c>name</c> claim; the user name where none is given.</summary>
    public string? DisplayName { get; set; }

    /// <summary>In which mails are: that of the pages, last seen in a browser of the person's. Null where there was none yet.</summary>
    public string? Language { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Set when an operator has locked the account: it signs in nowhere until unlocked.</summary>
    /// <remarks>Apart from <see cref="Lockout"/>, which failed attempts cause and time ends.</remarks>
    public DateTimeOffset? DisabledAt { get; set; }
}
