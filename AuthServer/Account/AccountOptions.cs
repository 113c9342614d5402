namespace AuthServer.Account;

/// <summary>The section <c>Account</c>: the accounts that people make themselves.</summary>
internal sealed class AccountOptions
{
    public const string Section = "Account";

    /// <summary>
    /// Whether anybody with an email address can create an <see href="accounts.md">account</see>. Needs mail.
    /// <c>appsettings.Development.json</c> sets it to <c>true</c>, and so does the demo.
    /// </summary>
    public bool Registration { get; set; }
}
