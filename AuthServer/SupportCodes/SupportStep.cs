using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.SupportCodes;

/// <summary>
/// What the server decided at one step of a sign-in. It holds ids and words of this program: no name, no address and nothing secret.
/// A row is never changed.
/// </summary>
internal sealed class SupportStep
{
    public const int LongestWord = 50;
    public const int LongestDetails = 200;
    public const int LongestClientId = 100;

    public required Guid Id { get; set; }

    /// <summary>See <see cref="SupportCode"/>.</summary>
    public required string Code { get; set; }

    /// <summary>To the microsecond. No two steps of a node have the same instant, so it orders the steps of a request.</summary>
    public required DateTimeOffset At { get; set; }

    /// <summary>One of <see cref="SupportSteps"/>.</summary>
    public required string Step { get; set; }

    /// <summary>Why: a code of this program, or an error code of the protocol.</summary>
    public string? Reason { get; set; }

    /// <summary>More about the reason, in words and numbers of this program.</summary>
    public string? Details { get; set; }

    /// <summary>The trace id of the request: see docs/security-log.md.</summary>
    public string? TraceId { get; set; }

    /// <summary>Only the id of a registered app is written.</summary>
    public string? ClientId { get; set; }

    public Guid? UserId { get; set; }

    public Guid? SessionId { get; set; }
}

internal sealed class SupportStepConfiguration : IEntityTypeConfiguration<SupportStep>
{
    public void Configure(EntityTypeBuilder<SupportStep> builder)
    {
        builder.ToTable("SupportSteps");
        builder.Property(step => step.Id).ValueGeneratedNever();
        builder.Property(step => step.Code).HasMaxLength(SupportCode.Length);
        builder.Property(step => step.Step).HasMaxLength(SupportStep.LongestWord);
        builder.Property(step => step.Reason).HasMaxLength(SupportStep.LongestWord);
        builder.Property(step => step.Details).HasMaxLength(SupportStep.LongestDetails);
        builder.Property(step => step.TraceId).HasMaxLength(SupportStep.LongestWord);
        builder.Property(step => step.ClientId).HasMaxLength(SupportStep.LongestClientId);
        builder.HasIndex(step => new { step.Code, step.At });
        builder.HasIndex(step => step.At);
    }
}
