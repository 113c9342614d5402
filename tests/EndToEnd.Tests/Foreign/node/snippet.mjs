import * as client from 'openid-client';

// https://login.example.com/, https://shop.example.com, and what the platform file knows as env:SHOP_SECRET
const { LOGIN, SHOP, SHOP_SECRET } = process.env;

const issuer = new URL(LOGIN);
const checksSignatures = [client.enableNonRepudiationChecks];
const allowsHttp = issuer.protocol === 'http:' ? [client.allowInsecureRequests] : []; // the demo on this machine

export const shop = await client.discovery(issuer, 'shop', SHOP_SECRET, undefined, { execute: [...checksSignatures, ...allowsHttp] });

// Where to send the browser, and what to keep in its session at the app until it comes back.
export async function begin() {
  const checks = {
    pkceCodeVerifier: client.randomPKCECodeVerifier(),
    expectedState: client.randomState(),
    expectedNonce: client.randomNonce(),
    idTokenExpected: true,
  };
  const address = await client.buildAuthorizationUrlWithPAR(shop, {
    redirect_uri: `${SHOP}/signin-oidc`,
    scope: 'openid profile email offline_access things.read',
    code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
  });
  return { address, checks };
}

// The whole address at which the browser came back: state, iss, PKCE, nonce and the ID token are checked.
export const finish = (url, checks) => client.authorizationCodeGrant(shop, url, checks);

export const signOut = tokens =>
  client.buildEndSessionUrl(shop, { id_token_hint: tokens.id_token, post_logout_redirect_uri: `${SHOP}/signout-callback-oidc` });
