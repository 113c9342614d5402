using OpenIddict.EntityFrameworkCore.Models;

namespace AuthServer.Clients;

/// <summary>A client in the sense of RFC 6749 1.1: an app that asks for tokens.</summary>
internal sealed class Client : OpenIddictEntityFrameworkCoreApplication<Guid, Authorization, Token>
{
    private HashSet<Authorization> authorizations = [];
    private HashSet<Token> tokens = [];

    /// <summary>Set when an operator has disabled it: from then on it is <c>invalid_client</c>. What it has been given stays, and refreshes again once it is enabled.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    public override ICollection<Authorization> Authorizations => authorizations;

    public override ICollection<Token> Tokens => tokens;

    /// <summary>One that can be changed and saved without the original seeing it.</summary>
    public Client Copy()
    {
        var copy = (Client)MemberwiseClone();
        copy.authorizations = [];
        copy.tokens = [];
        return copy;
    }
}
