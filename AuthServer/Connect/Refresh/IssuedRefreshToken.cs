using OpenIddict.Server;

namespace AuthServer.Connect.Refresh;

/// <summary>The refresh token that the answer under way is to hold, between the grant that decides it and the handler that writes it.</summary>
internal sealed record IssuedRefreshToken(RefreshToken Token)
{
    private static readonly string Property = typeof(IssuedRefreshToken).FullName!;

    public static void Set(OpenIddictServerTransaction transaction, RefreshToken token) =>
        transaction.SetProperty(Property, new IssuedRefreshToken(token));

    public static RefreshToken? Get(OpenIddictServerTransaction transaction) =>
        transaction.GetProperty<IssuedRefreshToken>(Property)?.Token;
}
