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
/// OpenIddict. Where the name of a handler does not say it, a comment tells which requests or tokens the handler acts on. Handlers/ has a
/// folder for each stage; a handler of several events lies in the folder of its main one. Device/ and Compatibility/ add theirs in the same
/// way. The order of all handlers, OpenIddict's included, is in <c>tests/AuthServer.Tests/Connect/pipeline.txt</c>.
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
            .Before<RefuseForeignAssertion>(ValidateClientAssertionIssuer.Descriptor)           // assertions only
            .After<RefuseDisabledClient>(ValidateClientId.Descriptor)                           // before the secret, which costs a hash
            .After<RefuseIntrospectionWithoutPermission>(ValidateClientCertificate.Descriptor)  // introspection only
            .After<SpendAssertion>(ValidateClientCertificate.Descriptor)                        // last: a refused assertion is not spent
            .After<LimitKeptRequests>(RestoreParametersFromRequestToken.Descriptor)             // kept requests only
            .After<RefuseForeignIdTokenHint>(ValidateIdentityToken.Descriptor);                 // id_token_hint only
    }

    // Is the token that came with the request one of ours, and does it still hold?
    private static void ReadToken(OpenIddictServerBuilder server)
    {
        server.On<ValidateTokenContext>()
            .Before<ReadRefreshToken>(Protection.ResolveTokenValidationParameters.Descriptor)                   // refresh tokens only
            .Before<CacheVerifiedToken>(Protection.ResolveTokenValidationParameters.Descriptor)                 // access tokens: looks up
            .Before<LoadKeyOfToken>(Protection.ResolveTokenValidationParameters.Descriptor)                     // tokens not read above
            .After<AcceptAssertionWithoutType>(Protection.ResolveTokenValidationParameters.Descriptor)          // assertions only
            .After<CacheVerifiedToken>(Protection.ValidateIdentityModelToken.Descriptor)                        // access tokens: adds
            .Before<FollowSupportCode, RefuseReusedCode.RequireCode>(Protection.ValidateExpirationDate.Descriptor) // codes only
            .Before<RefuseInvalidAssertion>(Protection.ValidateAudiences.Descriptor)                            // assertions only
            .Before<RefuseForeignAssertion>(Protection.ValidateAudiences.Descriptor)                            // assertions only
            .Before<RefuseReusedCode, RefuseReusedCode.RequireCode>(Protection.ValidateTokenEntry.Descriptor)   // codes only
            .Before<RefuseEndedAccessToken>(Protection.ValidateTokenEntry.Descriptor)                           // access tokens only
            .Before<RefuseDisabledClient>(Protection.ValidateTokenEntry.Descriptor);                            // access tokens only
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
            .Before<IgnoreUnknownScopes>(Exchange.ValidateGrantType.Descriptor)                             // requests with a scope or audience
            .After<RefuseMalformedParameter>(Exchange.ValidateProofKeyForCodeExchangeParameters.Descriptor) // code_verifier only
            .Before<RefuseForbiddenScope>(Exchange.ValidateGrantTypePermissions.Descriptor)                 // requests with a scope only
            .Before<ResolveResources>(Exchange.ValidateGrantTypePermissions.Descriptor);                    // requests with a resource only

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
            .InPlaceOf<ExpireAnsweredRequest>(RedeemTokenEntry.Descriptor)  // kept requests and codes only
            .After<AttachAudience>(PrepareAccessTokenPrincipal.Descriptor); // access tokens

        server.On<GenerateTokenContext>()
            .Before<WriteRefreshToken>(Protection.AttachSecurityCredentials.Descriptor) // refresh tokens; no row for JWTs
            .After<SelectActiveKeys>(Protection.AttachSecurityCredentials.Descriptor)   // every token
            .After<ShapeJwtClaims>(Protection.AttachTokenMetadata.Descriptor);          // access and ID tokens
    }

    // The answers. Also the endpoints that OpenIddict handles alone: discovery, introspection, revocation.
    private static void Answer(OpenIddictServerBuilder server)
    {
        server.On<ProcessSignInContext>()
            .After<AttachScopeAndLifetime>(AttachSignInParameters.Descriptor) // every answer with a token
            .After<CountTokens>(AttachSignInParameters.Descriptor);           // answers of the token endpoint

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
