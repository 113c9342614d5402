using OpenIddict.EntityFrameworkCore.Models;

namespace AuthServer.Clients;

/// <summary>A client in the sense of RFC 6749 1.1: an app that asks for tokens.</summary>
internal sealed class Client : OpenIddictEntityFrameworkCoreApplication<Guid, Authorization, Token>
{
    private HashSet<Authorization> authorizations = [];
    private HashSet<Token> tokens = [];

    /// <summary>
    /// Set while the client is disabled by an operator: its requests are answered <c>invalid_client</c>. Its refresh tokens are kept
    /// and work again once the client is enabled.
    /// </summary>
    public DateTimeOffset? DisabledAt { get; set; }

    public override ICollection<Authorization> Authorizations => authorizations;

    public override ICollection<Token> Tokens => tokens;

    /// <summary>A copy that can be changed and saved without a change to the original.</summary>
    public Client Copy()
    {
        var copy = (Client)MemberwiseClone();
        copy.authorizations = [];
        copy.tokens = [];
        return copy;
    }
}
