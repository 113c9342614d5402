using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace AuthServer.Pages;

/// <summary>The style sheet and the few scripts. They are embedded in the program, and their address changes with their content.</summary>
internal static class Assets
{
    private const string Prefix = "/assets/";

    private static readonly FrozenDictionary<string, (byte[] Content, string Version)> Files = new[]
    {
        "site.css",
        "favicon.svg",
        "strength.js",
        "passkey.js",
        "page.js",
    }
        .ToFrozenDictionary(name => name, Read, StringComparer.Ordinal);

    public static string AddressOf(string name) => $"{Prefix}{name}?v={Files[name].Version}";

    public static void MapAssets(this WebApplication app) => app.MapGet(Prefix + "{name}", (string name, HttpContext context) =>
    {
        if (!Files.TryGetValue(name, out var file))
        {
            return Results.NotFound();
        }

        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return Results.Bytes(file.Content, Path.GetExtension(name) switch
        {
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            _ => "image/svg+xml",
        }, entityTag: new EntityTagHeaderValue($"\"{file.Version}\""));
    });

    private static (byte[] Content, string Version) Read(string name)
    {
        using var stream = typeof(Assets).Assembly.GetManifestResourceStream($"AuthServer.Pages.Assets.{name}")!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return (content, Convert.ToHexStringLower(SHA256.HashData(content))[..12]);
    }
}
