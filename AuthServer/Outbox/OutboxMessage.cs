using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Outbox;

/// <summary>
/// A message that is saved with the change that it tells of, and sent afterwards. The row is deleted when it has been sent.
/// </summary>
internal abstract class OutboxMessage
{
    public const int LongestError = 200;

    public Guid Id { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    /// <summary>From then on any node may send the message. A node claims it by moving this time ahead.</summary>
    public required DateTimeOffset DueAt { get; set; }

    /// <summary>The number of attempts that were begun, including one in progress.</summary>
    public int Attempts { get; set; }

    public string? LastError { get; set; }
}

internal static class OutboxMessageConfiguration
{
    public static void ConfigureOutboxMessage<TMessage>(this EntityTypeBuilder<TMessage> builder) where TMessage : OutboxMessage
    {
        builder.Property(message => message.LastError).HasMaxLength(OutboxMessage.LongestError);
        builder.HasIndex(message => message.DueAt);
    }
}
