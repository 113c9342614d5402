using System.Text.Json;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;

namespace AuthServer.Account;

/// <param name="Until">When its links expire.</param>
internal sealed record PendingEmail(string Address, DateTimeOffset Until);

/// <summary>
/// The change of address that a person has asked for and not confirmed yet. An account has one at a time, and only its links work. So the
/// person, or the reader of the old mailbox, can take it back.
/// </summary>
internal sealed class PendingEmails(UserManager<User> users, AccountLinks links, TimeProvider time)
{
    private const string Provider = "Account";
    private const string Name = "PendingEmail";

    public async Task<PendingEmail?> FindAsync(User user) =>
        await users.GetAuthenticationTokenAsync(user, Provider, Name) is { } text
        && JsonSerializer.Deserialize<PendingEmail>(text) is { } pending
        && pending.Until > time.GetUtcNow() ? pending : null;

    /// <param name="user">Tracked by the context.</param>
    public Task SetAsync(User user, string address) =>
        users.SetAuthenticationTokenAsync(
            user, Provider, Name, JsonSerializer.Serialize(new PendingEmail(address, time.GetUtcNow() + links.Email.Lifetime)));

    public Task RemoveAsync(User user) => users.RemoveAuthenticationTokenAsync(user, Provider, Name);
}
