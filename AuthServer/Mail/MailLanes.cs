namespace AuthServer.Mail;

/// <summary>
/// The mails that this node is handing over now. Their number is limited in all and for each domain, so slow recipients of one domain
/// cannot take all places. Each recipient gets one mail at a time, so that mails arrive in order.
/// </summary>
internal sealed class MailLanes
{
    public const int AtOnce = 16;
    public const int AtOnceToOneDomain = 4;

    private readonly HashSet<string> recipients = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock gate = new();

    public bool HasRoom
    {
        get
        {
            lock (gate)
            {
                return recipients.Count < AtOnce;
            }
        }
    }

    /// <summary>Recipients that get no other mail until their current one has ended.</summary>
    public IReadOnlyList<string> Busy
    {
        get
        {
            lock (gate)
            {
                return [.. recipients];
            }
        }
    }

    /// <summary>Domains that get no other mail until one of their current ones has ended.</summary>
    public IReadOnlyList<string> FullDomains
    {
        get
        {
            lock (gate)
            {
                return [.. recipients.GroupBy(MailAddress.DomainOf, StringComparer.OrdinalIgnoreCase).Where(domain => domain.Count() >= AtOnceToOneDomain).Select(domain => domain.Key)];
            }
        }
    }

    public bool TryEnter(string recipient)
    {
        lock (gate)
        {
            return recipients.Count < AtOnce && CountOf(MailAddress.DomainOf(recipient)) < AtOnceToOneDomain && recipients.Add(recipient);
        }
    }

    public void Leave(string recipient)
    {
        lock (gate)
        {
            recipients.Remove(recipient);
        }
    }

    private int CountOf(string domain) => recipients.Count(recipient => MailAddress.DomainOf(recipient).Equals(domain, StringComparison.OrdinalIgnoreCase));
}
