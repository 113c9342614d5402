using AuthServer.Clients;
using OpenIddict.EntityFrameworkCore.Models;

namespace AuthServer.Connect;

/// <summary>What a sign-in gave to one client; the family that its refresh tokens belong to.</summary>
internal sealed class Authorization : OpenIddictEntityFrameworkCoreAuthorization<Guid, Client, Token>;
