using AuthServer.Mail;
using AuthServer.Protocol;
using Microsoft.Extensions.Options;

namespace AuthServer.Passwords;

/// <summary>The words that an attacker of this site tries first in a password: the names of the product and of the issuer's host.</summary>
internal sealed class SiteWords(IOptions<ConnectOptions> connect, IOptions<MailOptions> mail)
{
    private const int Shortest = 4;

    private IReadOnlyList<string>? all;

    public IReadOnlyList<string> All => all ??= Of(mail.Value.FromName, connect.Value.IssuerUri.Host);

    public static IReadOnlyList<string> Of(string product, string host) =>
        [.. new[] { "authplatform", product, product.Replace(" ", "", StringComparison.Ordinal), host }.Concat(product.Split(' '))
            .Concat(host.Split('.'))
            .Where(word => word.Length >= Shortest).Distinct(StringComparer.OrdinalIgnoreCase)];
}
