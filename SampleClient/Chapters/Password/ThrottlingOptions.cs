namespace SampleClient.Chapters.Password;

/// <summary>The section <c>Throttling</c>: how often one visitor may try to sign in.</summary>
internal sealed class ThrottlingOptions
{
    public const string Section = "Throttling";

    /// <summary>
    /// Sign-ins by the password grant from one address before the answer is 429. One IPv6 address stands for its /64 network. The issuer
    /// sees one address for all visitors, so this limit keeps one abuser from using up what the issuer allows the app.
    /// </summary>
    /// <value>1 to 1000000 per minute</value>
    public int SignInsPerAddress { get; set; } = 10;
}
