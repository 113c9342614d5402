using System.Security.Cryptography;
using System.Text.Json;
using AuthServer.Data;
using AuthServer.Hosting;
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
        // No foreign key: the key of a new account is there before the account, in a transaction of its own.
        builder.ToTable("PersonKeys");
        builder.HasKey(key => key.UserId);
        builder.Property(key => key.UserId).ValueGeneratedNever();
    }
}

/// <summary>
/// Protects what the audit says about a person with that person's key (AES-256-GCM). It works in the caller's transaction, if there is
/// one: SQLite has a single writer.
/// </summary>
internal sealed class PersonKeys(AuthDbContext context, IDataProtectionProvider protection)
{
    private const int KeyBytes = 32;
    private static readonly int NonceBytes = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int TagBytes = AesGcm.TagByteSizes.MaxSize;

    private readonly IDataProtector protector = protection.CreateProtector("AuthServer.Audit.PersonKeys");

    /// <summary>Creates the key if the person has none.</summary>
    public async Task<byte[]> SealAsync(Guid person, PersonalDetails details, CancellationToken cancellationToken)
    {
        var key = await FindAsync(person, cancellationToken) ?? await CreateAsync(person, cancellationToken);
        var text = JsonSerializer.SerializeToUtf8Bytes(details, PersonalJson.Default.PersonalDetails);
        var result = new byte[NonceBytes + text.Length + TagBytes];
        var nonce = result.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Encrypt(nonce, text, result.AsSpan(NonceBytes, text.Length), result.AsSpan(NonceBytes + text.Length), person.ToByteArray());
        CryptographicOperations.ZeroMemory(key);
        return result;
    }

    /// <returns>Null if the person's key was deleted.</returns>
    /// <exception cref="CryptographicException">The bytes were changed, or belong to another person.</exception>
    public async Task<PersonalDetails?> OpenAsync(Guid person, byte[] sealedDetails, CancellationToken cancellationToken)
    {
        if (await FindAsync(person, cancellationToken) is not { } key)
        {
            return null;
        }

        if (sealedDetails.Length < NonceBytes + TagBytes)
        {
            throw new CryptographicException("The sealed details are too short.");
        }

        var text = new byte[sealedDetails.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Decrypt(
            sealedDetails.AsSpan(0, NonceBytes), sealedDetails.AsSpan(NonceBytes, text.Length), sealedDetails.AsSpan(NonceBytes + text.Length),
            text, person.ToByteArray());
        CryptographicOperations.ZeroMemory(key);
        return JsonSerializer.Deserialize(text, PersonalJson.Default.PersonalDetails);
    }

    /// <summary>In the transaction that deletes the account.</summary>
    public Task DeleteAsync(Guid person, CancellationToken cancellationToken) =>
        context.Set<PersonKey>().Where(key => key.UserId == person).ExecuteDeleteAsync(cancellationToken);

    private async Task<byte[]?> FindAsync(Guid person, CancellationToken cancellationToken) =>
        await context.Set<PersonKey>().Where(key => key.UserId == person).Select(key => key.ProtectedKey)
            .SingleOrDefaultAsync(cancellationToken) is { } stored
            ? protector.Unprotect(stored)
            : null;

    // An insert that meets the key of another request must not undo the caller's transaction.
    private async Task<byte[]> CreateAsync(Guid person, CancellationToken cancellationToken)
    {
        var stored = protector.Protect(RandomNumberGenerator.GetBytes(KeyBytes));
        await (context is SqlServerAuthDbContext
            ? context.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO "PersonKeys" ("UserId", "ProtectedKey") SELECT {person}, {stored}
                WHERE NOT EXISTS (SELECT 1 FROM "PersonKeys" WITH (UPDLOCK, HOLDLOCK) WHERE "UserId" = {person})
                """,
                cancellationToken)
            : context.Database.ExecuteSqlAsync(
                $"""INSERT INTO "PersonKeys" ("UserId", "ProtectedKey") VALUES ({person}, {stored}) ON CONFLICT DO NOTHING""",
                cancellationToken));
        return (await FindAsync(person, cancellationToken))!;
    }
}
