using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.AdminApi;

/// <summary>What a bulk operation is about.</summary>
internal enum BulkKind
{
    Users,
    Sessions,
}

/// <summary>What became of one thing of a <see cref="BulkPlan"/>.</summary>
internal enum BulkOutcome : byte
{
    Done,

    /// <summary>It was so already.</summary>
    Unchanged,

    /// <summary>It is gone, or the caller may no longer see it.</summary>
    NotFound,

    /// <summary>By now it may do more than the caller.</summary>
    TooPowerful,

    /// <summary>Nobody would be left to administer.</summary>
    LastAdministrator,

    /// <summary>Another change came in between.</summary>
    Conflict,
}

/// <summary>
/// Many things that one operation is to change: fixed by the preview, done in steps, and kept for a day after the last step with what
/// became of each.
/// </summary>
internal sealed class BulkPlan
{
    public const int LongestDigest = 64;
    public const int LongestCaller = 100;
    public const int LongestAction = 32;
    public const int LongestRole = 256;

    /// <summary>SHA-256 in hexadecimal digits, of all that the plan is to do.</summary>
    public required string Digest { get; init; }

    /// <summary>Who may carry it out: <see cref="AdminCaller.Id"/>.</summary>
    public required string Caller { get; init; }

    public required BulkKind Kind { get; init; }

    public required string Action { get; init; }

    /// <summary>The role that is given or taken; otherwise null.</summary>
    public string? Role { get; init; }

    /// <summary>The ids, 16 bytes each.</summary>
    public required byte[] Items { get; init; }

    /// <summary>How many of them a step has begun or done: they become <see cref="Results"/> with its transaction.</summary>
    public int Done { get; set; }

    /// <summary>A <see cref="BulkOutcome"/> for each thing that is done, in the order of <see cref="Items"/>.</summary>
    public byte[] Results { get; set; } = [];

    public DateTimeOffset ExpiresAt { get; set; }

    public int Count => Items.Length / IdSize;

    private const int IdSize = 16;

    public static byte[] Pack(IEnumerable<Guid> ids) => [.. ids.SelectMany(id => id.ToByteArray(bigEndian: true))];

    public IEnumerable<Guid> Ids(int from, int most) => Enumerable.Range(from, Math.Max(0, Math.Min(most, Count - from)))
        .Select(index => new Guid(Items.AsSpan(index * IdSize, IdSize), bigEndian: true));
}

internal sealed class BulkPlanConfiguration : IEntityTypeConfiguration<BulkPlan>
{
    public void Configure(EntityTypeBuilder<BulkPlan> builder)
    {
        builder.ToTable("BulkPlans");
        builder.HasKey(plan => plan.Digest);
        builder.Property(plan => plan.Digest).HasMaxLength(BulkPlan.LongestDigest);
        builder.Property(plan => plan.Caller).HasMaxLength(BulkPlan.LongestCaller);
        builder.Property(plan => plan.Action).HasMaxLength(BulkPlan.LongestAction);
        builder.Property(plan => plan.Role).HasMaxLength(BulkPlan.LongestRole);
        builder.HasIndex(plan => plan.ExpiresAt);
    }
}
