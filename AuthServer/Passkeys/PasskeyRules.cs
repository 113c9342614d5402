using AuthServer.Protocol;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AuthServer.Passkeys;

/// <summary>The requirements that make a passkey two factors by itself: the device holds it and has verified its user.</summary>
internal sealed class PasskeyRules(IOptions<ConnectOptions> connect) : IConfigureOptions<IdentityPasskeyOptions>
{
    public void Configure(IdentityPasskeyOptions options)
    {
        var issuer = connect.Value.IssuerUri;
        var origin = issuer.GetLeftPart(UriPartial.Authority);
        options.ServerDomain = issuer.IdnHost;
        options.AuthenticatorTimeout = PasskeyCeremonies.Lifetime;
        options.UserVerificationRequirement = "required";

        // A discoverable credential: the person signs in without typing a name.
        options.ResidentKeyRequirement = "required";

        // WebAuthn 3 13.4.9: no other origin of the domain, and no frame in another origin's page.
        options.ValidateOrigin = context => ValueTask.FromResult(!context.CrossOrigin && context.Origin == origin);
    }
}
