using AuthServer.Connect.Refresh;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect;

/// <summary>
/// The state that handlers, grants and endpoints share while one request is answered. It is a property of OpenIddict's transaction.
/// </summary>
internal sealed class RequestState
{
    /// <summary>The refresh token that came with the request. Set by ReadRefreshToken.</summary>
    public PresentedRefreshToken? PresentedRefreshToken { get; set; }

    /// <summary>The claims that the client asked for at the sign-in of the presented access token. Set by RefuseEndedAccessToken.</summary>
    public RequestedClaims RequestedClaims { get; set; } = RequestedClaims.None;

    /// <summary>True if the tokens of this sign-in are refreshed by the access token: see <see cref="RefreshByAccessToken"/>.</summary>
    public bool RefreshesByAccessToken { get; set; }

    /// <summary>The refresh token that the answer will hold. Set by the grants; WriteRefreshToken writes it.</summary>
    public RefreshToken? IssuedRefreshToken { get; set; }

    public static RequestState Of(OpenIddictServerTransaction transaction)
    {
        if (transaction.GetProperty<RequestState>(typeof(RequestState).FullName!) is not { } state)
        {
            transaction.SetProperty(typeof(RequestState).FullName!, state = new RequestState());
        }

        return state;
    }

    /// <summary>The context of an event that OpenIddict has raised for this request; null if it has not raised the event.</summary>
    public static TContext? ContextOf<TContext>(OpenIddictServerTransaction transaction) where TContext : BaseContext =>
        transaction.GetProperty<TContext>(typeof(TContext).FullName!);
}

/// <param name="Authorization">As read when the token was read.</param>
internal sealed record PresentedRefreshToken(RefreshToken Token, AuthorizationSnapshot Authorization);
