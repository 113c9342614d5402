using System.Globalization;
using System.Text;
using AuthServer.Hosting;
using AuthServer.Protocol;
using Microsoft.Extensions.Options;

namespace AuthServer.Requests.SecurityTxt;

/// <summary>
/// Owns the file that tells people where to report a weakness (RFC 9116). Route: <c>/.well-known/security.txt</c>. It answers 404 while no
/// contact is set or the file has expired, because an outdated file is worse than none.
/// </summary>
internal static class SecurityTxtFeature
{
    public const string Path = "/.well-known/security.txt";

    public static void AddSecurityTxt(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<SecurityTxtOptions>, SecurityTxtOptionsValidator>();
        services.AddSettings<SecurityTxtOptions>(SecurityTxtOptions.Section);
    }

    public static void MapSecurityTxt(this IEndpointRouteBuilder app) => app.MapMethods(Path, [HttpMethods.Get, HttpMethods.Head], Answer);

    private static IResult Answer(IOptions<SecurityTxtOptions> options, IOptions<ConnectOptions> connect, TimeProvider time)
    {
        if (options.Value is not { Contacts: { Count: > 0 } contacts, Expires: { } expires } || expires <= time.GetUtcNow())
        {
            return TypedResults.NotFound();
        }

        var text = new StringBuilder();
        foreach (var contact in contacts)
        {
            text.Append("Contact: ").Append(contact).Append('\n');
        }

        text.Append("Expires: ").Append(expires.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)).Append('\n')
            .Append("Canonical: ").Append(new Uri(connect.Value.IssuerUri, Path)).Append('\n');
        return TypedResults.Text(text.ToString(), "text/plain", Encoding.UTF8);
    }
}
