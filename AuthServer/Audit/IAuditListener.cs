using AuthServer.Data;

namespace AuthServer.Audit;

/// <summary>Learns of events before they are saved, and may add rows to their transaction.</summary>
internal interface IAuditListener
{
    Task SavingAsync(AuthDbContext context, IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken);
}
