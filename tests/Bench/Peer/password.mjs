// The password grant (RFC 6749 4.3), which the library does not have.
import { errors } from 'oidc-provider';
import {
  buildTokenResponse, resolveRequestedResources, shouldIssueRefreshToken, validateClientScope,
} from 'oidc-provider/lib/helpers/grants.js';

const GRANT = 'password';

export async function grantPassword(ctx, accounts) {
  const { client, params, provider } = ctx.oidc;
  if (!params.username || !params.password) {
    throw new errors.InvalidRequest('username and password are required');
  }

  const account = await accounts.byPassword(params.username, params.password);
  if (!account) {
    throw new errors.InvalidGrant('wrong user name or password');
  }

  const [resourceServer] = await resolveRequestedResources(provider, ctx);
  const scopes = validateClientScope(provider, ctx);
  const { accountId } = account;
  const grant = new provider.Grant({ accountId, clientId: client.clientId });
  grant.addResourceScope(resourceServer.identifier(), resourceServer.scope);
  grant.addOIDCScope('offline_access');
  const source = { accountId, client, gty: GRANT, grantId: await grant.save() };

  const accessToken = new provider.AccessToken({ ...source, resourceServer });
  accessToken.scope = grant.getResourceScopeFiltered(resourceServer.identifier(), scopes);
  ctx.body = buildTokenResponse(provider, {
    accessToken: await accessToken.save(),
    expiresIn: accessToken.expiration,
    refreshToken: await shouldIssueRefreshToken(provider, ctx, { ...source, scopes })
      ? await newRefreshToken(provider, source, params.scope, resourceServer)
      : undefined,
    scope: accessToken.scope,
    tokenType: accessToken.tokenType,
  });
}

// It is bound to no browser session, because there is none.
const newRefreshToken = (provider, source, scope, resourceServer) =>
  new provider.RefreshToken({ ...source, scope, resource: resourceServer.identifier(), rotations: 0 }).save();
