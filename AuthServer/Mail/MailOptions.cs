namespace AuthServer.Mail;

/// <summary>
/// The section <c>Mail</c>. Without <see cref="Host"/> and <see cref="Folder"/> there is no mail; in Development it then
/// goes into a folder.
/// </summary>
internal sealed class MailOptions
{
    public const string Section = "Mail";

    /// <summary>The mail server.</summary>
    public string? Host { get; set; }

    /// <summary>Default: 587 for <see cref="MailSecurity.StartTls"/>, 465 for <see cref="MailSecurity.Tls"/>, 25 for <see cref="MailSecurity.None"/>.</summary>
    public int? Port { get; set; }

    /// <summary>Default: <see cref="MailSecurity.StartTls"/>.</summary>
    public MailSecurity Security { get; set; } = MailSecurity.StartTls;

    /// <summary>Signs in to the mail server, together with <see cref="Password"/>. Default: no sign-in.</summary>
    public string? UserName { get; set; }

    public string? Password { get; set; }

    /// <summary>The address that mails come from. Required where there is mail.</summary>
    public string? From { get; set; }

    /// <summary>What the mails call the sender, and the place that a person has an account at. Default: AuthPlatform.</summary>
    public string FromName { get; set; } = "AuthPlatform";

    /// <summary>Takes the mails as files in place of a mail server; relative to the content root.</summary>
    public string? Folder { get; set; }

    /// <summary>
    /// How long the mail server may take for one mail: well within the time for which a node has it to itself. Default: 30 seconds. 1 second to
    /// 2 minutes.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a mail is tried. Default: 2 days. 1 minute to 30 days.</summary>
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(2);

    /// <summary>Whether mails are sent at all: what cannot be done without is not offered then.</summary>
    public bool IsOn => Host is not null || Folder is not null;

    public int EffectivePort => Port ?? Security switch
    {
        MailSecurity.Tls => 465,
        MailSecurity.None => 25,
        _ => 587,
    };
}

/// <summary>How the connection to the mail server is protected.</summary>
internal enum MailSecurity
{
    /// <summary>TLS after the greeting (RFC 3207); a server that does not offer it gets no mail.</summary>
    StartTls,

    /// <summary>TLS from the first byte (RFC 8314 3.3).</summary>
    Tls,

    /// <summary>None at all.</summary>
    None,
}
