namespace AuthServer.Requests.SecurityTxt;

/// <summary>
/// The section <c>SecurityTxt</c>: where people report a weakness of this installation, served as <c>/.well-known/security.txt</c> (RFC
/// 9116).
/// </summary>
internal sealed class SecurityTxtOptions
{
    public const string Section = "SecurityTxt";

    /// <summary>Where people report a weakness, the best address first. Without it the file does not exist.</summary>
    /// <value><c>mailto:</c>, <c>https:</c> or <c>tel:</c> addresses, separated by spaces</value>
    public string Contact { get; set; } = "";

    /// <summary>
    /// The instant from which the file must not be believed. The file is not served after it. RFC 9116 2.5.5 recommends less than a year
    /// ahead.
    /// </summary>
    /// <value default="none; required with `Contact`">an instant such as <c>2027-06-30T00:00:00Z</c></value>
    public DateTimeOffset? Expires { get; set; }

    public IReadOnlyList<string> Contacts => Contact.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
