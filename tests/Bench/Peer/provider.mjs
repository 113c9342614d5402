import { generateKeyPairSync } from 'node:crypto';
import { errors, Provider } from 'oidc-provider';
import { Accounts } from './accounts.mjs';
import { createAdapter } from './adapter.mjs';
import { grantPassword } from './password.mjs';

const RESOURCE = 'https://bench.example';
const HOUR = 3600;
const DAY = 24 * HOUR;

// The library does not store JWTs, so its introspection refuses them. This second client gets opaque access tokens for the same API,
// which can be introspected.
const OPAQUE = 'bench-opaque';

const ownTokens = (ctx, { clientId }, token) => token.clientId === clientId;

const client = id => ({
  client_id: id,
  client_secret: 'a secret of the benchmark, 32 characters or more',
  token_endpoint_auth_method: 'client_secret_basic',
  grant_types: ['password', 'refresh_token', 'client_credentials'],
  response_types: [],
  redirect_uris: [],
});

function resourceServer(ctx, resource, { clientId }) {
  if (resource !== RESOURCE) {
    throw new errors.InvalidTarget();
  }

  return {
    scope: 'bench',
    audience: RESOURCE,
    ...(clientId === OPAQUE ? { accessTokenFormat: 'opaque' } : { accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } }),
  };
}

export async function createProvider(database) {
  const accounts = await Accounts.create(database);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const provider = new Provider('http://localhost:8400', {
    adapter: createAdapter(database),
    clients: [client('bench'), client(OPAQUE)],
    clientAuthMethods: ['client_secret_basic'],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' }] },
    findAccount: (ctx, id) => accounts.byId(id),
    rotateRefreshToken: () => true,
    routes: { token: '/connect/token', introspection: '/connect/introspect', revocation: '/connect/revoke' },
    // AuthServer's lifetimes.
    ttl: { AccessToken: HOUR, ClientCredentials: HOUR, Grant: 30 * DAY, RefreshToken: 30 * DAY },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      introspection: { enabled: true, allowedPolicy: ownTokens },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RESOURCE,
        getResourceServerInfo: resourceServer,
        useGrantedResource: () => true,
      },
      revocation: { enabled: true, allowedPolicy: ownTokens },
    },
  });
  provider.registerGrantType('password', ctx => grantPassword(ctx, accounts), ['username', 'password', 'scope']);
  provider.on('server_error', (ctx, error) => console.error(error));
  return provider;
}
