using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Data;

/// <summary>The parts of the model that only SQL Server needs.</summary>
internal static class SqlServerModel
{
    /// <summary>Compares text code point by code point, as SQLite and PostgreSQL do.</summary>
    public const string Collation = "Latin1_General_100_BIN2";

    public static void Apply(ModelBuilder builder)
    {
        CompareIdentifiersExactly(builder);

        // A clustered key holds at most 900 bytes. A credential id has up to 1,023 (WebAuthn 2, 6.5.1), and it is random. The rows are
        // clustered by user instead, because every query except a sign-in with a passkey looks for them by user.
        builder.Entity<IdentityUserPasskey<Guid>>(passkey =>
        {
            passkey.HasKey(row => row.CredentialId).IsClustered(false);
            passkey.HasIndex(row => row.UserId).IsClustered();
        });
    }

    // The usual collation of a SQL Server ignores case. A lookup would then find a client_id or scope in another case, and even the account
    // of another person whose id at an external provider differs only in case.
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
