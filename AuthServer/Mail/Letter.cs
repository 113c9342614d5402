namespace AuthServer.Mail;

/// <summary>The recipient of a mail.</summary>
/// <param name="Address">An unusable address gets no mail: see <see cref="MailOutbox.Add"/>.</param>
/// <param name="Name">The person's name. The mail leaves it out if it looks like a link.</param>
/// <param name="Language">A language tag (RFC 5646). Korean for <c>ko</c>, English for all else.</param>
internal sealed record Recipient(string Address, string? Name, string? Language)
{
    /// <summary>The account that the mail is about; null if there is none.</summary>
    public Guid? User { get; init; }
}

/// <summary>When and from where something was done.</summary>
/// <param name="Address">The IP address.</param>
/// <param name="Device">The device, as a person would call it.</param>
internal sealed record Occasion(DateTimeOffset At, string? Address, string? Device);

/// <summary>The content of a mail, before it is put into words.</summary>
/// <param name="ValidFor">How long the link works. After that time, the mail is not sent any more.</param>
internal sealed record Letter(MailKind Kind, Recipient To, Uri? Link, TimeSpan? ValidFor, Occasion? Occasion)
{
    /// <summary>The code of the request that the mail comes from, as people read it; null if it comes from no request.</summary>
    public string? SupportCode { get; init; }
    /// <summary>True if the link is "This wasn’t me".</summary>
    public bool IsNotMe { get; init; }

    /// <summary>What was done, in the recipient's language; null if the kind says it.</summary>
    public string? What { get; init; }

    /// <summary>Why an administrator did it, in their words.</summary>
    public string? Reason { get; init; }

    public static Letter ConfirmEmail(Recipient to, Uri link, TimeSpan validFor) => new(MailKind.ConfirmEmail, to, link, validFor, null);

    public static Letter ResetPassword(Recipient to, Uri link, TimeSpan validFor, Occasion asked) =>
        new(MailKind.ResetPassword, to, link, validFor, asked);

    public static Letter Invitation(Recipient to, Uri link, TimeSpan validFor) => new(MailKind.Invitation, to, link, validFor, null);

    /// <param name="to">The old address.</param>
    public static Letter EmailChangeApproval(Recipient to, Uri link, TimeSpan validFor, Occasion asked) =>
        new(MailKind.EmailChangeApproval, to, link, validFor, asked);

    /// <param name="to">The new address.</param>
    public static Letter EmailChange(Recipient to, Uri link, TimeSpan validFor, Occasion asked) =>
        new(MailKind.EmailChange, to, link, validFor, asked);

    /// <summary>Tells the old address, which gets no mails any more, that the change was undone.</summary>
    public static Letter EmailChanged(Recipient to, Occasion changed) => new(MailKind.EmailChanged, to, null, null, changed);

    /// <summary>Tells of something that somebody else may have done, with the link "This wasn’t me".</summary>
    public static Letter Notice(MailKind kind, Recipient to, Uri link, TimeSpan validFor, Occasion done) =>
        new(kind, to, link, validFor, done) { IsNotMe = true };

    /// <param name="link">Where the person sees what happened to the account.</param>
    /// <param name="what">What was done, in the recipient's language.</param>
    public static Letter ChangedByAdministrator(Recipient to, Uri link, Occasion changed, string what) =>
        new(MailKind.ChangedByAdministrator, to, link, null, changed) { What = what };

    /// <param name="link">Where the person can end it.</param>
    public static Letter Impersonated(Recipient to, Uri link, Occasion begun, string? reason) =>
        new(MailKind.Impersonated, to, link, null, begun) { Reason = reason };

    /// <summary>Tells what the link "This wasn’t me" has done.</summary>
    /// <param name="link">Leads to a new password.</param>
    public static Letter AccountSecured(Recipient to, Uri link, TimeSpan validFor, Occasion secured) =>
        new(MailKind.AccountSecured, to, link, validFor, secured);

    /// <param name="link">Where the password can be reset.</param>
    public static Letter WrongCodes(Recipient to, Uri link, Occasion typed) => new(MailKind.WrongCodes, to, link, null, typed);

    /// <param name="link">The login page.</param>
    public static Letter FactorsReset(Recipient to, Uri link, Occasion reset) => new(MailKind.FactorsReset, to, link, null, reset);

    /// <param name="link">The login page.</param>
    public static Letter AccountExists(Recipient to, Uri link, Occasion tried) => new(MailKind.AccountExists, to, link, null, tried);
}
