using AuthServer.Clients;
using OpenIddict.EntityFrameworkCore.Models;

namespace AuthServer.Connect;

/// <summary>The entry of an issued token.</summary>
internal sealed class Token : OpenIddictEntityFrameworkCoreToken<Guid, Client, Authorization>;
