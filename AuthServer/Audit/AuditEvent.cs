using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Audit;

internal enum AuditActorKind
{
    /// <summary>Somebody who is signed in, or who tries to sign in.</summary>
    Person,

    /// <summary>An app that acts for itself.</summary>
    Client,

    /// <summary>Somebody at the command line of the server.</summary>
    Operator,

    /// <summary>The server itself: background work, the platform file at the start.</summary>
    System,
}

/// <summary>
/// Something that somebody did, or tried. A row is written in the transaction of the change and never changed afterwards.
/// AuditSeals/ makes a later edit visible.
/// </summary>
internal sealed class AuditEvent
{
    public const int LongestWord = 50;
    public const int LongestId = 256;

    public required Guid Id { get; set; }

    /// <summary>When it was written; set by <see cref="AuditInterceptor"/>.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>A name of <see cref="AuditActorKind"/>. A text, so that the verification sees what is in the database.</summary>
    public required string ActorKind { get; set; }

    /// <summary>The id of a user, the <c>client_id</c> of an app, or the operating system's account of an operator.</summary>
    public string? ActorId { get; set; }

    /// <summary>The session in which the actor acted.</summary>
    public Guid? SessionId { get; set; }

    /// <summary>One of <see cref="AuditActions"/>.</summary>
    public required string Action { get; set; }

    /// <summary>One of <see cref="AuditTargets"/>.</summary>
    public string? TargetKind { get; set; }

    public string? TargetId { get; set; }

    /// <summary>True if it was refused; <see cref="Reason"/> says why.</summary>
    public bool IsRefused { get; set; }

    /// <summary><c>refused</c> or <c>done</c>.</summary>
    [JsonIgnore]
    public string Outcome => IsRefused ? "refused" : "done";

    /// <summary>A code of this program.</summary>
    public string? Reason { get; set; }

    /// <summary>The trace id of the request: see docs/security-log.md.</summary>
    public string? TraceId { get; set; }

    /// <summary>
    /// JSON: each field that changed, with <c>before</c> and <c>after</c>. Secrets are fingerprints. What names a person is in
    /// <see cref="Encrypted"/>.
    /// </summary>
    public string? Changes { get; set; }

    /// <summary>The person whose key protects <see cref="Encrypted"/>.</summary>
    public Guid? PersonId { get; set; }

    /// <summary>
    /// What names a person: address, user agent, names and mail addresses, as <see cref="PersonKeys"/> protects them. Nobody can read it
    /// once the person's key is deleted.
    /// </summary>
    public byte[]? Encrypted { get; set; }

    /// <summary>The address of a refused attempt of nobody known. It belongs to no person, so retention alone removes it.</summary>
    public string? Address { get; set; }

    /// <summary>The content of <see cref="Encrypted"/> until it is saved. Not a column.</summary>
    [JsonIgnore]
    public PersonalDetails? Personal { get; init; }

    /// <summary>True if saving the event makes the person's key. Not a column.</summary>
    [JsonIgnore]
    public bool CreatesPerson { get; init; }

    /// <summary>True if saving the event destroys the person's key. Not a column.</summary>
    [JsonIgnore]
    public bool ErasesPerson { get; init; }

    /// <summary>
    /// True if a change in the context caused the event. If that change is not saved, neither is the event. Not a column.
    /// </summary>
    [JsonIgnore]
    public bool IsDerived { get; set; }
}

internal sealed class AuditEventConfiguration : IEntityTypeConfiguration<AuditEvent>
{
    public void Configure(EntityTypeBuilder<AuditEvent> builder)
    {
        builder.ToTable("AuditEvents");
        builder.Property(entry => entry.Id).ValueGeneratedNever();
        builder.Ignore(entry => entry.Personal).Ignore(entry => entry.CreatesPerson)
            .Ignore(entry => entry.ErasesPerson).Ignore(entry => entry.IsDerived);
        builder.Property(entry => entry.ActorKind).HasMaxLength(20);
        builder.Property(entry => entry.ActorId).HasMaxLength(AuditEvent.LongestId);
        builder.Property(entry => entry.Action).HasMaxLength(AuditEvent.LongestWord);
        builder.Property(entry => entry.TargetKind).HasMaxLength(AuditEvent.LongestWord);
        builder.Property(entry => entry.TargetId).HasMaxLength(AuditEvent.LongestId);
        builder.Property(entry => entry.Reason).HasMaxLength(AuditEvent.LongestWord);
        builder.Property(entry => entry.TraceId).HasMaxLength(AuditEvent.LongestWord);
        builder.Property(entry => entry.Address).HasMaxLength(AuditEvent.LongestWord);
        builder.HasIndex(entry => entry.At);
        builder.HasIndex(entry => new { entry.TargetKind, entry.TargetId, entry.At });
        builder.HasIndex(entry => new { entry.ActorId, entry.At });
        builder.HasIndex(entry => new { entry.PersonId, entry.At });
    }
}
