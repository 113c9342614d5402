namespace AuthServer.AuditSeals;

/// <summary>The end of the chain as this process has seen it. The next link has to follow it.</summary>
internal sealed class AuditEnd
{
    private volatile Tuple<long, byte[]>? known;

    public (long Sequence, byte[] Hash)? Known => known is { } end ? (end.Item1, end.Item2) : null;

    public void Is(AuditSeal? last) => known = last is null ? null : new(last.Sequence, last.Hash);
}

/// <summary>Somebody has changed or deleted links of the chain.</summary>
internal sealed class AuditBrokenException()
    : Exception("Links of the audit's chain were changed or deleted since they were written. Nothing is sealed: see docs/audit.md.");
