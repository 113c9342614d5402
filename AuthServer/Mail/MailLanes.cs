namespace AuthServer.Mail;

/// <summary>
/// Which mails this node is handing over now. Bounded in all, and for each domain, so that recipients that hang take no place of another's;
/// one at a time for each recipient, whose mails come in their order.
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

    /// <summary>Recipients to be left alone until their mail has ended.</summary>
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

    /// <summary>Domains to be left alone until one of their mails has ended.</summary>
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
