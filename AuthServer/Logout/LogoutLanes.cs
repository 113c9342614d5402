using AuthServer.Outbox;

namespace AuthServer.Logout;

/// <summary>
/// The calls of this node that each app has to answer now. Each app has its own limit, so that a hanging app blocks no other.
/// </summary>
internal sealed class LogoutLanes : OutboxLanes<LogoutNotice>
{
    public const int CallsAtOnce = 4;

    private readonly Lanes apps = new(CallsAtOnce);

    public override IQueryable<LogoutNotice> WithRoom(IQueryable<LogoutNotice> messages)
    {
        var full = apps.Full.Select(Guid.Parse).ToList();
        return messages.Where(notice => !full.Contains(notice.ApplicationId));
    }

    public override bool TryEnter(LogoutNotice message) => apps.TryEnter(KeyOf(message));

    public override void Leave(LogoutNotice message) => apps.Leave(KeyOf(message));

    private static string KeyOf(LogoutNotice message) => message.ApplicationId.ToString();
}
