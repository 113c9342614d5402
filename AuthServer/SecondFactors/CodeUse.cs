using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Hosting;
using AuthServer.Users;

namespace AuthServer.SecondFactors;

/// <summary>
/// Describes the last accepted code: its form, its kind and the time. The same form with the same code, sent again within a moment,
/// gets the same answer. After that, a used code is worth nothing (RFC 6238 5.2).
/// </summary>
internal static class CodeUse
{
    private const string OneTime = "one-time";
    private const string Recovery = "recovery";

    /// <param name="form">Identifies one form for one purpose.</param>
    public static string Of(string form, string code) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{form}\0{TypedCode.Normalize(code)}")));

    /// <returns>The text for the database, at most 72 characters.</returns>
    public static string Write(CodeOutcome outcome, string use, DateTimeOffset now) =>
        string.Create(
            CultureInfo.InvariantCulture, $"{(outcome is CodeOutcome.Recovery ? Recovery : OneTime)} {use} {now.ToUnixTimeSeconds()}");

    /// <returns>The kind of the code, if this use was accepted a moment ago; otherwise null.</returns>
    public static CodeOutcome? Repeated(string? last, string use, DateTimeOffset now) =>
        last?.Split(' ') is [var kind, var known, var at] && known == use
        && long.TryParse(at, CultureInfo.InvariantCulture, out var seconds)
        && now - DateTimeOffset.FromUnixTimeSeconds(seconds) < Repetition.Moment
            ? kind is Recovery ? CodeOutcome.Recovery : CodeOutcome.OneTime
            : null;
}
