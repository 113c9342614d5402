using OpenIddict.Server;

namespace AuthServer.Connect.Refresh;

/// <summary>The refresh token that a request came with, and its family as it was read.</summary>
internal sealed record PresentedRefreshToken(RefreshToken Token, Family Family)
{
    private static readonly string Property = typeof(PresentedRefreshToken).FullName!;

    public void SetOn(OpenIddictServerTransaction transaction) => transaction.SetProperty(Property, this);

    public static PresentedRefreshToken? Of(OpenIddictServerTransaction transaction) =>
        transaction.GetProperty<PresentedRefreshToken>(Property);
}
