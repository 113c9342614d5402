namespace AuthServer.Mail;

/// <summary>
/// The section <c>Mail</c>: the mail server. Without <see cref="Host"/> and <see cref="Folder"/> there is no mail, except in Development,
/// where mails go to a folder. See <see href="mail.md">mail</see>.
/// </summary>
internal sealed class MailOptions
{
    public const string Section = "Mail";

    /// <summary>The mail server.</summary>
    /// <value>a host name or an IP address</value>
    public string? Host { get; set; }

    /// <summary>The port of the mail server.</summary>
    /// <value default="`587` for `StartTls`, `465` for `Tls`, `25` for `None`">1 to 65535</value>
    public int? Port { get; set; }

    /// <summary>
    /// How the connection to the mail server is protected. Outside Development, <c>None</c> is only allowed to a mail server on the same
    /// machine.
    /// </summary>
    public MailSecurity Security { get; set; } = MailSecurity.StartTls;

    /// <summary>The user name for the mail server. Without it there is no sign-in there.</summary>
    /// <value default="none; required with `Password`"/>
    public string? UserName { get; set; }

    /// <summary>The password for the mail server.</summary>
    /// <value default="none; required with `UserName`"/>
    public string? Password { get; set; }

    /// <summary>The sender's address.</summary>
    /// <value default="none; required with `Host` or `Folder`; in Development without `Host`: `authplatform@localhost`">
    /// a mail address
    /// </value>
    public string? From { get; set; }

    /// <summary>The sender's name. Mails also use it as the name of the service that the account belongs to.</summary>
    /// <value>one line, at most 100 characters</value>
    public string FromName { get; set; } = "AuthPlatform";

    /// <summary>Writes each mail to an <c>.eml</c> file in this folder, in place of a mail server.</summary>
    /// <value default="none; in Development without `Host`: `data/mail`">a path, relative to the content root</value>
    public string? Folder { get; set; }

    /// <summary>How long the mail server may take for one mail. The limit is well within the time for which one node owns a mail.</summary>
    /// <value>1 second to 2 minutes</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long delivery of a mail is retried.</summary>
    /// <value>1 minute to 30 days</value>
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(2);

    /// <summary>True if mails are sent. Otherwise the pages do not offer what needs a mail.</summary>
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
    /// <summary>TLS after the greeting (RFC 3207). A server that does not offer it gets no mail.</summary>
    StartTls,

    /// <summary>TLS from the first byte (RFC 8314 3.3).</summary>
    Tls,

    /// <summary>No protection.</summary>
    None,
}
