using AuthServer.Protocol;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AuthServer.Passkeys;

/// <summary>What is asked of a passkey, so that it alone is two factors: it lies in a device that has made sure who uses it.</summary>
internal sealed class PasskeyRules(IOptions<ConnectOptions> connect) : IConfigureOptions<IdentityPasskeyOptions>
{
    public void Configure(IdentityPasskeyOptions options)
    {
        var issuer = connect.Value.IssuerUri;
        var origin = issuer.GetLeftPart(UriPartial.Authority);
        options.ServerDomain = issuer.IdnHost;
        options.AuthenticatorTimeout = PasskeyCeremonies.Lifetime;
        options.UserVerificationRequirement = "required";

        // So that it signs in without a name.
        options.ResidentKeyRequirement = "required";

        // WebAuthn 3 13.4.9: no other origin of the domain, and in no frame.
        options.ValidateOrigin = context => ValueTask.FromResult(!context.CrossOrigin && context.Origin == origin);
    }
}
