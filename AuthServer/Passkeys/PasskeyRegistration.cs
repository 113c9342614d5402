using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;

namespace AuthServer.Passkeys;

/// <summary>Lists, adds, renames and removes a person's passkeys.</summary>
internal sealed class PasskeyRegistration(
    IPasskeyHandler<User> handler, PasskeyCeremonies ceremonies, UserManager<User> users, AuthDbContext context)
{
    public const int Most = 20;
    public const int LongestName = 100;

    public async Task<IReadOnlyList<UserPasskeyInfo>> ListAsync(Guid user) =>
        [.. (await users.GetPasskeysAsync(await FindAsync(user))).OrderBy(passkey => passkey.CreatedAt)];

    /// <returns>
    /// PublicKeyCredentialCreationOptionsJSON (WebAuthn 3 5.1.9), which excludes the person's passkeys; null if the person already has
    /// <see cref="Most"/>.
    /// </returns>
    public async Task<string?> BeginAsync(HttpContext http, User user)
    {
        if ((await ListAsync(user.Id)).Count >= Most)
        {
            return null;
        }

        var entity =
            new PasskeyUserEntity { Id = user.Id.ToString(), Name = user.UserName!, DisplayName = user.DisplayName ?? user.UserName! };
        var options = await handler.MakeCreationOptionsAsync(entity, http);
        ceremonies.Begin(http, isRegistration: true, options.AttestationState!);
        return options.CreationOptionsJson;
    }

    /// <param name="user">The signed-in user.</param>
    /// <param name="credential">RegistrationResponseJSON (WebAuthn 3 5.1.8.1), as the browser sent it.</param>
    /// <param name="name">The name that its owner gives it.</param>
    public async Task<bool> TryFinishAsync(HttpContext http, Guid user, string credential, string name)
    {
        if (await ceremonies.TakeAsync(http, isRegistration: true) is not { } state || (await ListAsync(user)).Count >= Most)
        {
            return false;
        }

        var result = await handler.PerformAttestationAsync(
            new() { HttpContext = http, CredentialJson = credential, AttestationState = state });
        if (!result.Succeeded)
        {
            PasskeyFailure.ThrowIfOurs(result.Failure);
            return false;
        }

        // Another person may have signed in meanwhile, in another tab.
        if (result.UserEntity.Id != user.ToString())
        {
            return false;
        }

        result.Passkey.Name = NormalizeName(name);
        return (await users.AddOrUpdatePasskeyAsync(await FindAsync(user), result.Passkey)).Succeeded;
    }

    public async Task RenameAsync(Guid user, byte[] credentialId, string name)
    {
        var owner = await FindAsync(user);
        if (await users.GetPasskeyAsync(owner, credentialId) is { } passkey)
        {
            var before = passkey.Name;
            passkey.Name = NormalizeName(name);
            context.Record(new AuditFact(AuditActions.PasskeyRenamed, AuditTarget.User(user))
            {
                PersonalChanges = AuditFact.Changed("name", before, passkey.Name),
            });
            await users.AddOrUpdatePasskeyAsync(owner, passkey);
        }
    }

    /// <returns>False if the person has no such passkey.</returns>
    public async Task<bool> TryRemoveAsync(Guid user, byte[] credentialId)
    {
        var owner = await FindAsync(user);
        return await users.GetPasskeyAsync(owner, credentialId) is not null
            && (await users.RemovePasskeyAsync(owner, credentialId)).Succeeded;
    }

    /// <summary>Removes all passkeys, for a person who has reset the password by mail and no longer trusts them.</summary>
    public async Task RemoveAllAsync(Guid user)
    {
        var owner = await FindAsync(user);
        foreach (var passkey in await users.GetPasskeysAsync(owner))
        {
            await users.RemovePasskeyAsync(owner, passkey.CredentialId);
        }
    }

    private async Task<User> FindAsync(Guid user) => (await users.FindByIdAsync(user.ToString()))!;

    private static string NormalizeName(string name)
    {
        var plain = string.Concat(name.Where(character => !char.IsControl(character)));
        return plain.Length <= LongestName
            ? plain
            : plain[..(char.IsHighSurrogate(plain[LongestName - 1]) ? LongestName - 1 : LongestName)];
    }
}
