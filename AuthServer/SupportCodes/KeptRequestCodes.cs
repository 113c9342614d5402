using System.Security.Cryptography;
using System.Text;
using AuthServer.Data;

namespace AuthServer.SupportCodes;

/// <summary>
/// The support code of an app's request: a keyed hash of the name under which the database keeps the request. All pages of a sign-in carry
/// that name, on every node, so nothing else has to carry the code. The key keeps others from making up a name with a given code.
/// </summary>
internal sealed class KeptRequestCodes(SharedSecrets secrets)
{
    private const string SecretName = "support-codes";

    public async ValueTask<string> OfAsync(string requestUri, CancellationToken cancellationToken) => SupportCode.Of(
        HMACSHA256.HashData(await secrets.FindAsync(SecretName, cancellationToken), Encoding.UTF8.GetBytes(requestUri)));
}
