using AuthServer.Outbox;

namespace AuthServer.Mail;

/// <summary>
/// The mails that this node is handing over now. Their number is limited in all and for each domain, so slow recipients of one domain
/// cannot take all places. Each recipient gets one mail at a time, so that mails arrive in order.
/// </summary>
internal sealed class MailLanes : OutboxLanes<OutgoingMail>
{
    public const int AtOnce = 16;
    public const int AtOnceToOneDomain = 4;

    private readonly Lanes all = new(AtOnce);
    private readonly Lanes domains = new(AtOnceToOneDomain);
    private readonly Lanes recipients = new(1);

    public override bool HasRoom => all.Full.Count is 0;

    public override IQueryable<OutgoingMail> WithRoom(IQueryable<OutgoingMail> messages)
    {
        var busy = recipients.Full;
        messages = messages.Where(mail => !busy.Contains(mail.Recipient));
        foreach (var domain in domains.Full)
        {
            messages = messages.Where(mail => !mail.Recipient.EndsWith("@" + domain));
        }

        return messages;
    }

    public override bool TryEnter(OutgoingMail message)
    {
        var domain = MailAddress.DomainOf(message.Recipient);
        if (!recipients.TryEnter(message.Recipient))
        {
            return false;
        }

        if (!domains.TryEnter(domain))
        {
            recipients.Leave(message.Recipient);
            return false;
        }

        if (!all.TryEnter(""))
        {
            domains.Leave(domain);
            recipients.Leave(message.Recipient);
            return false;
        }

        return true;
    }

    public override void Leave(OutgoingMail message)
    {
        all.Leave("");
        domains.Leave(MailAddress.DomainOf(message.Recipient));
        recipients.Leave(message.Recipient);
    }
}
