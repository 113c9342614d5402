using System.Text.Json.Serialization;
using AuthServer.Users;

namespace AuthServer.Operations;

/// <summary>A user in a list.</summary>
/// <param name="Id">Also the <c>sub</c> of tokens.</param>
/// <param name="Name">The user name, to sign in with.</param>
/// <param name="EmailConfirmed">Whether the user has shown that the address is theirs.</param>
/// <param name="DisplayName">The name that apps show.</param>
/// <param name="State"><c>active</c>, <c>locked</c> by an administrator, or <c>locked out</c> for a while after wrong passwords.</param>
/// <param name="DisabledAt">When the account was locked.</param>
/// <param name="LockedOutUntil">Until when wrong passwords lock strangers out.</param>
internal record UserSummary(
    Guid Id,
    string Name,
    string? Email,
    bool EmailConfirmed,
    string? DisplayName,
    string State,
    DateTimeOffset CreatedAt,
    DateTimeOffset? DisabledAt,
    DateTimeOffset? LockedOutUntil,
    IReadOnlyList<string> Roles)
{
    /// <summary>Changes with every change of the account.</summary>
    [JsonIgnore]
    public string? Version { get; init; }

    public static string StateOf(User user, DateTimeOffset? lockedOutUntil) =>
        user.DisabledAt is not null ? "locked" : lockedOutUntil is not null ? "locked out" : "active";
}

/// <summary>A user with all that an administrator may see.</summary>
/// <param name="Language">Of mails; null before the first sign-in.</param>
/// <param name="AuthenticatorSince">Since when an authenticator app is set up; null without one.</param>
/// <param name="HasPassword">False until the user has set one.</param>
/// <param name="ActiveSessions">The number of sign-ins that have not ended.</param>
internal sealed record UserView(
    Guid Id,
    string Name,
    string? Email,
    bool EmailConfirmed,
    string? DisplayName,
    string State,
    DateTimeOffset CreatedAt,
    DateTimeOffset? DisabledAt,
    DateTimeOffset? LockedOutUntil,
    IReadOnlyList<string> Roles,
    string? Language,
    bool HasPassword,
    DateTimeOffset? AuthenticatorSince,
    IReadOnlyList<PasskeyView> Passkeys,
    int ActiveSessions)
    : UserSummary(Id, Name, Email, EmailConfirmed, DisplayName, State, CreatedAt, DisabledAt, LockedOutUntil, Roles);

/// <summary>A passkey of a user.</summary>
/// <param name="Id">The credential id in base64url.</param>
/// <param name="Name">The user's own name for it.</param>
internal sealed record PasskeyView(string Id, string? Name, DateTimeOffset CreatedAt);
