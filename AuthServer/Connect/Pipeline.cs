using AuthServer.Connect.Handlers.Answering;
using AuthServer.Connect.Handlers.ClientAuthentication;
using AuthServer.Connect.Handlers.RequestReading;
using AuthServer.Connect.Handlers.RequestValidation;
using AuthServer.Connect.Handlers.TokenMaking;
using AuthServer.Connect.Handlers.TokenReading;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace AuthServer.Connect;

/// <summary>
/// The handlers that we add to OpenIddict's, by stage. A request passes the stages in this order, and the handlers of an event in the order
/// of their rows; one event can raise another, as the stages say. Each handler stands before, after or in place of a named handler of
/// OpenIddict. Handlers/ has a folder for each stage; a handler of several events lies in the folder of its main one. Device/ and
/// Compatibility/ add theirs in the same way. The order of all handlers, OpenIddict's included, is in
/// <c>tests/AuthServer.Tests/Connect/pipeline.txt</c>.
/// </summary>
internal static class Pipeline
{
    public static void AddHandlers(this OpenIddictServerBuilder server)
    {
        ReadRequest(server);
        AuthenticateClient(server);
        ReadToken(server);
        ValidateRequest(server);
        MakeToken(server);
        Answer(server);
    }

    // Which endpoint does the request address, and where does it carry its token?
    private static void ReadRequest(OpenIddictServerBuilder server)
    {
        server.On<ProcessRequestContext>()
            .InPlaceOf<InferEndpointFromPath>(InferEndpointType.Descriptor);

        server.On<ExtractUserInfoRequestContext>()
            .Before<RefuseAccessTokenInQuery>(
                OpenIddictServerAspNetCoreHandlers.ExtractGetOrPostRequest<ExtractUserInfoRequestContext>.Descriptor);
    }

    // Which client sends the request, and does it prove that? OpenIddict raises ProcessAuthentication in the middle of each
    // Validate…Request event: from its handler ValidateAuthentication, or a handler of a similar name.
    private static void AuthenticateClient(OpenIddictServerBuilder server)
    {
        server.On<ProcessAuthenticationContext>()
            .Before<RefuseForeignAssertion>(ValidateClientAssertionIssuer.Descriptor)
            .After<RefuseDisabledClient>(ValidateClientId.Descriptor)                       // before the secret, which costs a hash
            .After<RefuseIntrospectionWithoutPermission>(ValidateClientCertificate.Descriptor)
            .After<SpendAssertion>(ValidateClientCertificate.Descriptor)                    // last: a refused assertion is not spent
            .After<LimitKeptRequests>(RestoreParametersFromRequestToken.Descriptor)
            .After<RefuseForeignIdTokenHint>(ValidateIdentityToken.Descriptor);
    }

    // Is the token that came with the request one of ours, and does it still hold?
    private static void ReadToken(OpenIddictServerBuilder server)
    {
        server.On<ValidateTokenContext>()
            .Before<ReadRefreshToken>(Protection.ResolveTokenValidationParameters.Descriptor)
            .Before<CacheVerifiedToken>(Protection.ResolveTokenValidationParameters.Descriptor)     // looks the token up
            .Before<LoadKeyOfToken>(Protection.ResolveTokenValidationParameters.Descriptor)
            .After<AcceptAssertionWithoutType>(Protection.ResolveTokenValidationParameters.Descriptor)
            .After<CacheVerifiedToken>(Protection.ValidateIdentityModelToken.Descriptor)            // adds the token
            .Before<RefuseInvalidAssertion>(Protection.ValidateAudiences.Descriptor)
            .Before<RefuseForeignAssertion>(Protection.ValidateAudiences.Descriptor)
            .Before<RefuseReusedCode, RefuseReusedCode.RequireCode>(Protection.ValidateTokenEntry.Descriptor)
            .Before<RefuseEndedAccessToken>(Protection.ValidateTokenEntry.Descriptor)
            .Before<RefuseDisabledClient>(Protection.ValidateTokenEntry.Descriptor);
    }

    // Is the request well-formed, and may the client ask for this?
    private static void ValidateRequest(OpenIddictServerBuilder server)
    {
        server.On<ValidateAuthorizationRequestContext>()
            .Before<LimitKeptRequests>(Authentication.ValidateRequestParameter.Descriptor)
            .After<ExtendPushedRequest>(Authentication.ValidateAuthentication.Descriptor)
            .After<IgnoreUnknownScopes>(Authentication.ValidateAuthentication.Descriptor)
            .Before<RefuseForbiddenScope>(Authentication.ValidateScopePermissions.Descriptor)
            .Before<ResolveResources>(Authentication.ValidateScopePermissions.Descriptor)
            .Before<RefuseMalformedParameter>(Authentication.ValidateScopePermissions.Descriptor)
            .Before<RefuseUnattainableLevel>(Authentication.ValidateScopePermissions.Descriptor);

        server.On<ValidatePushedAuthorizationRequestContext>()
            .Before<IgnoreUnknownScopes>(Authentication.ValidatePushedRequestParameter.Descriptor)
            .After<LimitKeptRequests>(Authentication.ValidatePushedAuthentication.Descriptor)
            .Before<RefuseForbiddenScope>(Authentication.ValidatePushedScopePermissions.Descriptor)
            .Before<ResolveResources>(Authentication.ValidatePushedScopePermissions.Descriptor)
            .Before<RefuseMalformedParameter>(Authentication.ValidatePushedScopePermissions.Descriptor)
            .Before<RefuseUnattainableLevel>(Authentication.ValidatePushedScopePermissions.Descriptor);

        server.On<HandlePushedAuthorizationRequestContext>()
            .After<ExtendPushedRequest>(Authentication.AttachPushedPrincipal.Descriptor);

        server.On<ValidateDeviceAuthorizationRequestContext>()
            .Before<IgnoreUnknownScopes>(OpenIddictServerHandlers.Device.ValidateScopeParameter.Descriptor)
            .After<LimitKeptRequests>(OpenIddictServerHandlers.Device.ValidateDeviceAuthentication.Descriptor)
            .Before<RefuseForbiddenScope>(OpenIddictServerHandlers.Device.ValidateScopePermissions.Descriptor)
            .Before<ResolveResources>(OpenIddictServerHandlers.Device.ValidateScopePermissions.Descriptor);

        server.On<ValidateTokenRequestContext>()
            .Before<IgnoreUnknownScopes>(Exchange.ValidateGrantType.Descriptor)
            .After<RefuseMalformedParameter>(Exchange.ValidateProofKeyForCodeExchangeParameters.Descriptor)
            .Before<RefuseForbiddenScope>(Exchange.ValidateGrantTypePermissions.Descriptor)
            .Before<ResolveResources>(Exchange.ValidateGrantTypePermissions.Descriptor);

        server.On<ValidateEndSessionRequestContext>()
            .Before<LimitKeptRequests>(Session.ValidatePostLogoutRedirectUriParameter.Descriptor);

        server.On<ValidateRevocationRequestContext>()
            .Before<RefuseRevocationOfForeignToken>(Revocation.ValidateAuthorizedParty.Descriptor);
    }

    // The endpoint or its grant has decided what to issue: see TokenEndpoint and AuthorizeEndpoint. OpenIddict raises GenerateToken from
    // within ProcessSignIn, once for each token.
    private static void MakeToken(OpenIddictServerBuilder server)
    {
        server.On<ProcessSignInContext>()
            .InPlaceOf<ExpireAnsweredRequest>(RedeemTokenEntry.Descriptor)
            .After<AttachAudience>(PrepareAccessTokenPrincipal.Descriptor);

        server.On<GenerateTokenContext>()
            .Before<WriteRefreshToken>(Protection.AttachSecurityCredentials.Descriptor)
            .After<SelectActiveKeys>(Protection.AttachSecurityCredentials.Descriptor)
            .After<ShapeJwtClaims>(Protection.AttachTokenMetadata.Descriptor);
    }

    // The answers. Also the endpoints that OpenIddict handles alone: discovery, introspection, revocation.
    private static void Answer(OpenIddictServerBuilder server)
    {
        server.On<ProcessSignInContext>()
            .After<AttachScopeAndLifetime>(AttachSignInParameters.Descriptor);

        server.On<ProcessSignOutContext>()
            .InPlaceOf<ExpireAnsweredRequest>(RedeemLogoutTokenEntry.Descriptor);

        server.On<HandleConfigurationRequestContext>()
            .After<CompleteMetadata>(Discovery.AttachAdditionalMetadata.Descriptor);

        server.On<HandleRevocationRequestContext>()
            .InPlaceOf<RevokeToken>(Revocation.RevokeToken.Descriptor);

        server.On<HandleIntrospectionRequestContext>()
            .After<CompleteIntrospection>(Introspection.AttachApplicationClaims.Descriptor);

        server.On<ApplyIntrospectionResponseContext>()
            .Before<AnswerInactiveToken>(Introspection.NormalizeErrorResponse.Descriptor);

        server.On<ApplyAuthorizationResponseContext>()
            .After<ReturnErrorToClient>(Authentication.AttachRedirectUri.Descriptor)
            .Before<WriteFormPostResponse>(OpenIddictServerAspNetCoreHandlers.Authentication.ProcessFormPostResponse.Descriptor);

        server.On<ApplyEndSessionResponseContext>()
            .After<OmitUnownedRedirectUri>(Session.AttachPostLogoutRedirectUri.Descriptor);

        server.On<ProcessErrorContext>()
            .Before<OmitErrorUri>(AttachErrorParameters.Descriptor);

        server.On<ProcessChallengeContext>()
            .After<OmitErrorUri>(AttachCustomChallengeParameters.Descriptor);
    }
}
