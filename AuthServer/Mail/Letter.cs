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

    /// <param name="to">The old address.</param>
    public static Letter EmailChanged(Recipient to, Occasion changed) => new(MailKind.EmailChanged, to, null, null, changed);

    /// <param name="link">Where the password can be reset.</param>
    public static Letter PasswordChanged(Recipient to, Uri link, Occasion changed) =>
        new(MailKind.PasswordChanged, to, link, null, changed);

    /// <param name="kind">What was done to passkeys, authenticator app or recovery codes.</param>
    /// <param name="link">Where the person sees what happened to the account.</param>
    public static Letter FactorChanged(MailKind kind, Recipient to, Uri link, Occasion changed) => new(kind, to, link, null, changed);

    /// <param name="link">Where the person sees and ends sessions.</param>
    public static Letter NewDevice(Recipient to, Uri link, Occasion signedIn) => new(MailKind.NewDevice, to, link, null, signedIn);

    /// <param name="link">Where the password can be reset.</param>
    public static Letter WrongCodes(Recipient to, Uri link, Occasion typed) => new(MailKind.WrongCodes, to, link, null, typed);

    /// <param name="link">The login page.</param>
    public static Letter FactorsReset(Recipient to, Uri link, Occasion reset) => new(MailKind.FactorsReset, to, link, null, reset);

    /// <param name="link">The login page.</param>
    public static Letter AccountExists(Recipient to, Uri link, Occasion tried) => new(MailKind.AccountExists, to, link, null, tried);
}
