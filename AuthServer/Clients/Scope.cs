using OpenIddict.EntityFrameworkCore.Models;

namespace AuthServer.Clients;

/// <summary>A scope and the resource servers (RFC 8707 identifiers) that own it.</summary>
internal sealed class Scope : OpenIddictEntityFrameworkCoreScope<Guid>
{
    /// <summary>One that can be changed and saved without the original seeing it.</summary>
    public Scope Copy() => (Scope)MemberwiseClone();
}
