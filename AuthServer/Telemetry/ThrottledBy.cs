namespace AuthServer.Telemetry;

/// <summary>The values of the label <c>limit</c>: which limit refused a request.</summary>
internal static class ThrottledBy
{
    public const string RequestsOfAddress = "requests";
    public const string SignIns = "sign_ins";
    public const string Secrets = "secrets";
    public const string KeptRequests = "kept_requests";
    public const string PasswordHashes = "password_hashes";

    public static readonly string[] All = [RequestsOfAddress, SignIns, Secrets, KeptRequests, PasswordHashes];
}
