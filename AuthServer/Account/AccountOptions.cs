namespace AuthServer.Account;

/// <summary>The section <c>Account</c>.</summary>
internal sealed class AccountOptions
{
    public const string Section = "Account";

    /// <summary>Whether anybody with an e-mail address may make an account. Needs mail. Default: no.</summary>
    public bool Registration { get; set; }
}
