using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Hosting;
using AuthServer.Users;

namespace AuthServer.SecondFactors;

/// <summary>
/// Which code was taken last, in which form, and when: the same form with the same code, sent twice within a moment, is answered alike. After that a
/// spent code is worth nothing (RFC 6238 5.2).
/// </summary>
internal static class CodeUse
{
    private const string OneTime = "one-time";
    private const string Recovery = "recovery";

    /// <param name="form">Names one form, for one purpose.</param>
    public static string Of(string form, string code) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{form}\0{TypedCode.Plain(code)}")));

    /// <returns>As the database keeps it, at most 72 characters.</returns>
    public static string Write(CodeOutcome outcome, string use, DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"{(outcome is CodeOutcome.Recovery ? Recovery : OneTime)} {use} {now.ToUnixTimeSeconds()}");

    /// <returns>What the use was taken for a moment ago; null when it was not.</returns>
    public static CodeOutcome? Repeated(string? last, string use, DateTimeOffset now) =>
        last?.Split(' ') is [var kind, var known, var at] && known == use
        && long.TryParse(at, CultureInfo.InvariantCulture, out var seconds) && now - DateTimeOffset.FromUnixTimeSeconds(seconds) < Repetition.Moment
            ? kind is Recovery ? CodeOutcome.Recovery : CodeOutcome.OneTime
            : null;
}
