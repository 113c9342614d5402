namespace SampleClient.Account;

/// <summary>Section <c>Throttling</c>.</summary>
internal sealed class ThrottlingOptions
{
    /// <summary>
    /// Sign-ins from one address: so many at once, and so many a minute after that. 1 to 1000000. Default: 10. It keeps
    /// one abuser from using up what the issuer allows this app in failed sign-ins.
    /// </summary>
    public int SignInsPerAddress { get; set; } = 10;
}
