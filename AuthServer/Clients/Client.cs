using AuthServer.Connect;
using OpenIddict.EntityFrameworkCore.Models;

namespace AuthServer.Clients;

/// <summary>A client in the sense of RFC 6749 1.1: an app that asks for tokens.</summary>
internal sealed class Client : OpenIddictEntityFrameworkCoreApplication<Guid, Authorization, Token>;
