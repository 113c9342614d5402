using System.Security.Cryptography;
using System.Text.Json;
using AuthServer.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Audit;

/// <summary>The key that protects what the audit says about one person. Deleting the account deletes it.</summary>
internal sealed class PersonKey
{
    public required Guid UserId { get; set; }

    /// <summary>32 bytes, protected by Data Protection.</summary>
    public required byte[] ProtectedKey { get; set; }
}

internal sealed class PersonKeyConfiguration : IEntityTypeConfiguration<PersonKey>
{
    public void Configure(EntityTypeBuilder<PersonKey> builder)
    {
        // No foreign key: the context deletes the key before the account, and a node of an earlier version deletes the account alone.
        builder.ToTable("PersonKeys");
        builder.HasKey(key => key.UserId);
        builder.Property(key => key.UserId).ValueGeneratedNever();
    }
}

/// <summary>
/// Protects what the audit says about a person with that person's key (AES-256-GCM). It works in the caller's transaction, if there is
/// one.
/// </summary>
internal sealed class PersonKeys(AuthDbContext context, IDataProtectionProvider protection)
{
    private const int KeyBytes = 32;
    private static readonly int NonceBytes = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int TagBytes = AesGcm.TagByteSizes.MaxSize;

    private readonly IDataProtector protector = protection.CreateProtector("AuthServer.Audit.PersonKeys");
    private readonly Dictionary<Guid, byte[]> opened = [];

    /// <summary>
    /// Reads the keys of these people, before <see cref="Encrypt"/>. A person without one gets one, unless the account does not
    /// exist.
    /// </summary>
    /// <param name="created">Those whose accounts the context is about to create.</param>
    public async Task OpenAsync(IReadOnlyList<Guid> people, IReadOnlyList<Guid> created, CancellationToken cancellationToken)
    {
        foreach (var person in created)
        {
            var key = RandomNumberGenerator.GetBytes(KeyBytes);
            context.Add(new PersonKey { UserId = person, ProtectedKey = protector.Protect(key) });
            opened[person] = key;
        }

        // In one order, so that two requests cannot wait for each other.
        var others = people.Where(person => !opened.ContainsKey(person)).Order().ToList();
        await LoadAsync(others, cancellationToken);
        foreach (var person in others.Where(person => !opened.ContainsKey(person)))
        {
            await CreateAsync(person, cancellationToken);
            await LoadAsync([person], cancellationToken);
            if (!opened.ContainsKey(person))
            {
                await ReplaceLostAsync(person, cancellationToken);
            }
        }
    }

    /// <summary>Forgets the keys that were read. Otherwise a long list would hold those of everybody.</summary>
    public void Forget() => opened.Clear();

    /// <returns>Null if the person has no key.</returns>
    public byte[]? Encrypt(Guid person, PersonalDetails details)
    {
        if (!opened.TryGetValue(person, out var key))
        {
            return null;
        }

        var text = JsonSerializer.SerializeToUtf8Bytes(details, PersonalJson.Default.PersonalDetails);
        var result = new byte[NonceBytes + text.Length + TagBytes];
        var nonce = result.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Encrypt(nonce, text, result.AsSpan(NonceBytes, text.Length), result.AsSpan(NonceBytes + text.Length), person.ToByteArray());
        return result;
    }

    /// <summary>For people whose keys <see cref="LoadAsync"/> has read.</summary>
    /// <returns>Null if the person's key was deleted or cannot be opened, or the bytes were changed.</returns>
    public PersonalDetails? Decrypt(Guid person, byte[] encrypted)
    {
        if (!opened.TryGetValue(person, out var key) || encrypted.Length < NonceBytes + TagBytes)
        {
            return null;
        }

        var text = new byte[encrypted.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(key, TagBytes);
        try
        {
            cipher.Decrypt(
                encrypted.AsSpan(0, NonceBytes), encrypted.AsSpan(NonceBytes, text.Length),
                encrypted.AsSpan(NonceBytes + text.Length), text, person.ToByteArray());
            return JsonSerializer.Deserialize(text, PersonalJson.Default.PersonalDetails);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public async Task LoadAsync(IReadOnlyList<Guid> people, CancellationToken cancellationToken)
    {
        if (people.Count is 0)
        {
            return;
        }

        foreach (var key in await context.Set<PersonKey>().AsNoTracking().Where(key => people.Contains(key.UserId))
            .ToListAsync(cancellationToken))
        {
            if (Open(key) is { } open)
            {
                opened[key.UserId] = open;
            }
        }
    }

    // Null if Data Protection has lost the key that protects it: docs/keys.md.
    private byte[]? Open(PersonKey key)
    {
        try
        {
            return protector.Unprotect(key.ProtectedKey);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>The key goes when the context is saved, together with the account.</summary>
    public async Task RemoveAsync(Guid person, CancellationToken cancellationToken)
    {
        if (await context.Set<PersonKey>().SingleOrDefaultAsync(key => key.UserId == person, cancellationToken) is { } key)
        {
            context.Remove(key);
        }
    }

    // The data that the lost key protects can never be read again.
    private async Task ReplaceLostAsync(Guid person, CancellationToken cancellationToken)
    {
        if (await context.Set<PersonKey>().AsNoTracking().SingleOrDefaultAsync(key => key.UserId == person, cancellationToken) is { } lost)
        {
            var stored = protector.Protect(RandomNumberGenerator.GetBytes(KeyBytes));
            await context.Set<PersonKey>().Where(key => key.UserId == person && key.ProtectedKey == lost.ProtectedKey)
                .ExecuteUpdateAsync(set => set.SetProperty(key => key.ProtectedKey, stored), cancellationToken);
            await LoadAsync([person], cancellationToken);
        }
    }

    // An insert that meets the key of another request must not undo the caller's transaction.
    private Task<int> CreateAsync(Guid person, CancellationToken cancellationToken)
    {
        var stored = protector.Protect(RandomNumberGenerator.GetBytes(KeyBytes));
        return context is SqlServerAuthDbContext
            ? context.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO "PersonKeys" ("UserId", "ProtectedKey") SELECT "Id", {stored} FROM "Users" WHERE "Id" = {person}
                AND NOT EXISTS (SELECT 1 FROM "PersonKeys" WITH (UPDLOCK, HOLDLOCK) WHERE "UserId" = {person})
                """,
                cancellationToken)
            : context.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO "PersonKeys" ("UserId", "ProtectedKey") SELECT "Id", {stored} FROM "Users" WHERE "Id" = {person}
                ON CONFLICT DO NOTHING
                """,
                cancellationToken);
    }
}
