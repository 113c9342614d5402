using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Protocol;

/// <summary>The JWS algorithms (RFC 7518 3.1) with which this issuer can sign tokens, and which it accepts for client assertions.</summary>
internal static class SigningAlgorithms
{
    public static readonly IReadOnlySet<string> All = new HashSet<string>(StringComparer.Ordinal)
    {
        SecurityAlgorithms.EcdsaSha256,
        SecurityAlgorithms.EcdsaSha384,
        SecurityAlgorithms.EcdsaSha512,
        SecurityAlgorithms.RsaSha256,
        SecurityAlgorithms.RsaSha384,
        SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256,
        SecurityAlgorithms.RsaSsaPssSha384,
        SecurityAlgorithms.RsaSsaPssSha512,
    };
}
