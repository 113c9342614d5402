using OpenIddict.EntityFrameworkCore.Models;

namespace AuthServer.Clients;

/// <summary>A scope and the resource servers (RFC 8707 identifiers) that own it.</summary>
internal sealed class Scope : OpenIddictEntityFrameworkCoreScope<Guid>
{
    /// <summary>A copy that can be changed and saved without a change to the original.</summary>
    public Scope Copy() => (Scope)MemberwiseClone();
}
