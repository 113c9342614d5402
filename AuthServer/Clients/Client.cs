using AuthServer.Connect;
using OpenIddict.EntityFrameworkCore.Models;

namespace AuthServer.Clients;

/// <summary>A client in the sense of RFC 6749 1.1: an app that asks for tokens.</summary>
internal sealed class Client : OpenIddictEntityFrameworkCoreApplication<Guid, Authorization, Token>
{
    private HashSet<Authorization> authorizations = [];
    private HashSet<Token> tokens = [];

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
