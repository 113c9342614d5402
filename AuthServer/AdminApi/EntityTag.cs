using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace AuthServer.AdminApi;

/// <summary>The version of a thing in <c>ETag</c> and <c>If-Match</c> (RFC 9110 8.8.3 and 13.1.1).</summary>
internal static class EntityTag
{
    private const int Bytes = 12;

    /// <param name="version">Changes with each change of the thing: its concurrency stamp.</param>
    public static string Of(string? version) =>
        $"\"{Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(version ?? "")).AsSpan(0, Bytes))}\"";

    public static void Send(HttpContext context, string? version) => context.Response.Headers.ETag = Of(version);

    /// <summary>Requires that the caller knows the present version.</summary>
    /// <exception cref="AdminProblem"><c>If-Match</c> is missing (RFC 6585 3), or names another version.</exception>
    public static void Require(HttpContext context, string? version)
    {
        var header = context.Request.Headers.IfMatch;
        if (header.Count is 0)
        {
            throw new AdminProblem(ProblemKind.VersionNeeded);
        }

        if (!EntityTagHeaderValue.TryParseList(header, out var tags))
        {
            throw new AdminProblem(ProblemKind.InvalidRequest, "The header If-Match cannot be read: it holds entity tags in quotes, or *.");
        }

        var present = Of(version);
        if (!tags.Any(tag => tag == EntityTagHeaderValue.Any || (!tag.IsWeak && tag.Tag == present)))
        {
            throw new AdminProblem(ProblemKind.Stale);
        }
    }
}
