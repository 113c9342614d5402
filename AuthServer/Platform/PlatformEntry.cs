using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Platform;

/// <summary>
/// An entry of the platform file that was applied, and the row that it stands for. The entry stays when the row is deleted, so that
/// the file does not create the row again.
/// </summary>
internal sealed class PlatformEntry
{
    public const int LongestKind = 10;
    public const int LongestMark = 256;

    public const string Scope = "scope";
    public const string Role = "role";
    public const string App = "app";
    public const string User = "user";

    /// <summary>One of the constants above.</summary>
    public required string Kind { get; set; }

    /// <summary>Identifies the entry in the file: the id of an app, the name of a scope or role, the key or name of a user.</summary>
    public required string Mark { get; set; }

    public required Guid RowId { get; set; }

    /// <summary>True if the row existed before the entry was first applied.</summary>
    public bool IsAdopted { get; set; }

    /// <summary>The file's values when it was last applied, as JSON and without secrets.</summary>
    public required string Declared { get; set; }

    /// <summary>The hash of the client secret that the file had when it was last applied.</summary>
    public string? SecretHash { get; set; }
}

internal sealed class PlatformEntryConfiguration : IEntityTypeConfiguration<PlatformEntry>
{
    public void Configure(EntityTypeBuilder<PlatformEntry> builder)
    {
        builder.ToTable("PlatformEntries");
        builder.HasKey(entry => new { entry.Kind, entry.Mark });
        builder.Property(entry => entry.Kind).HasMaxLength(PlatformEntry.LongestKind);
        builder.Property(entry => entry.Mark).HasMaxLength(PlatformEntry.LongestMark);
    }
}
