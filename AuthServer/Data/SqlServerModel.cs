using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Data;

/// <summary>What only SQL Server needs said.</summary>
internal static class SqlServerModel
{
    /// <summary>Compares text code point by code point, as SQLite and PostgreSQL do.</summary>
    public const string Collation = "Latin1_General_100_BIN2";

    public static void Apply(ModelBuilder builder)
    {
        CompareIdentifiersExactly(builder);

        // A clustered key holds 900 bytes, a credential id is up to 1,023 (WebAuthn 2, 6.5.1) and random besides.
        // The rows lie by user instead, which is how all but a sign-in with a passkey ask for them.
        builder.Entity<IdentityUserPasskey<Guid>>(passkey =>
        {
            passkey.HasKey(row => row.CredentialId).IsClustered(false);
            passkey.HasIndex(row => row.UserId).IsClustered();
        });
    }

    // A server's usual collation takes 'a' for 'A': the account of another person's id at an external provider would
    // be found, and a client_id or scope of other case.
    private static void CompareIdentifiersExactly(ModelBuilder builder)
    {
        foreach (var property in builder.Model.GetEntityTypes().SelectMany(type => type.GetProperties()))
        {
            if (property.ClrType == typeof(string) && (property.IsKey() || property.IsForeignKey() || property.IsIndex()))
            {
                property.SetCollation(Collation);
                property.SetValueComparer(typeof(OrdinalComparer));
                property.SetProviderValueComparer(typeof(OrdinalComparer));
            }
        }
    }
}
