namespace AuthServer.Requests.SecurityTxt;

/// <summary>The section <c>SecurityTxt</c>: where people report weaknesses of this installation (RFC 9116).</summary>
internal sealed class SecurityTxtOptions
{
    public const string Section = "SecurityTxt";

    /// <summary>Addresses separated by spaces, the best first: <c>mailto:security@example.com https://example.com/report</c>. Default: none, and there is no file.</summary>
    public string Contact { get; set; } = "";

    /// <summary>
    /// The instant from which the file is not to be believed, <c>2027-06-30T00:00:00Z</c>: required with a contact, and less than a year ahead is
    /// recommended (RFC 9116 2.5.5). A file that has expired is not served.
    /// </summary>
    public DateTimeOffset? Expires { get; set; }

    public IReadOnlyList<string> Contacts => Contact.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
