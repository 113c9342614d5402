// The requests and checks of Spring Security with the settings of docs/integrate.md, by hand, because Spring cannot run here.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { Person } from './person.mjs';

const { LOGIN, LEDGER, LEDGER_SECRET } = process.env;
const CALLBACK = `${LEDGER}/login/oauth2/code/authplatform`;

// Java's URL encoder for both values, with padding: each ends with =.
const random = () => `${randomBytes(32).toString('base64url')}=`;
const s256 = text => createHash('sha256').update(text).digest('base64url');

// issuer-uri: the well-known path is appended to the issuer, and a double slash becomes a single one.
const metadata = await (await fetch(new URL('.well-known/openid-configuration', LOGIN))).json();

test('The settings and the metadata agree', async () => {
  assert.equal(metadata.issuer, LOGIN); // character by character; otherwise the program does not start
  assert.ok(metadata.token_endpoint_auth_methods_supported.includes('client_secret_basic'));
  assert.ok(metadata.grant_types_supported.includes('authorization_code'));
  assert.ok(metadata.jwks_uri && metadata.userinfo_endpoint && metadata.end_session_endpoint);
  const { keys } = await (await fetch(metadata.jwks_uri)).json();
  assert.deepEqual([...new Set(keys.map(key => key.alg))].sort(), ['ES256', 'RS256']); // the algorithms that its decoder then accepts
});

test('oauth2Login with PKCE signs in, asks userinfo and signs out', async () => {
  const [state, nonce, verifier] = [random(), random(), randomBytes(96).toString('base64url')];
  const address = new URL(metadata.authorization_endpoint);
  address.search = new URLSearchParams({
    response_type: 'code', client_id: 'ledger', scope: 'openid profile', state, redirect_uri: CALLBACK, nonce: s256(nonce),
    code_challenge: s256(verifier), code_challenge_method: 'S256',
  });
  const alice = new Person();

  const answer = await alice.signInToApp(address);

  assert.equal(answer.origin + answer.pathname, CALLBACK);
  assert.equal(answer.searchParams.get('state'), state);
  const token = await fetch(metadata.token_endpoint, {
    method: 'POST',
    headers: {
      Accept: 'application/json;charset=UTF-8',
      Authorization: `Basic ${Buffer.from(['ledger', LEDGER_SECRET].map(encodeURIComponent).join(':')).toString('base64')}`,
      'Content-Type': 'application/x-www-form-urlencoded;charset=UTF-8',
    },
    body: new URLSearchParams({ grant_type: 'authorization_code', code: answer.searchParams.get('code'), redirect_uri: CALLBACK, code_verifier: verifier }).toString(),
  });
  assert.equal(token.status, 200);
  const tokens = await token.json();
  const [header, claims] = tokens.id_token.split('.', 2).map(part => JSON.parse(Buffer.from(part, 'base64url')));
  assert.deepEqual([header.alg, claims.iss, [claims.aud].flat(), claims.nonce], ['RS256', LOGIN, ['ledger'], s256(nonce)]);

  const userinfo = await (await fetch(metadata.userinfo_endpoint, { headers: { Accept: 'application/json', Authorization: `Bearer ${tokens.access_token}` } })).json();
  assert.equal(userinfo.sub, claims.sub);

  const leaving = new URL(metadata.end_session_endpoint);
  leaving.search = new URLSearchParams({ id_token_hint: tokens.id_token, post_logout_redirect_uri: `${LEDGER}/` });
  assert.equal((await alice.open(leaving)).url.href, `${LEDGER}/`);
});

test('Without the customizer there is no PKCE, and the app learns why nobody can sign in', async () => {
  const address = new URL(metadata.authorization_endpoint);
  address.search = new URLSearchParams({ response_type: 'code', client_id: 'ledger', scope: 'openid', state: random(), redirect_uri: CALLBACK, nonce: s256(random()) });

  const { url } = await new Person().open(address);

  assert.equal(url.origin + url.pathname, CALLBACK);
  assert.equal(url.searchParams.get('error'), 'invalid_request');
  assert.match(url.searchParams.get('error_description'), /code_challenge/);
});

test('An access token says at+jwt, which the default decoder does not take', async () => {
  const [verifier, state] = [randomBytes(96).toString('base64url'), random()];
  const address = new URL(metadata.authorization_endpoint);
  address.search = new URLSearchParams({
    response_type: 'code', client_id: 'ledger', scope: 'openid things.read', state, redirect_uri: CALLBACK, code_challenge: s256(verifier), code_challenge_method: 'S256',
  });
  const answer = await new Person().signInToApp(address);
  const tokens = await (await fetch(metadata.token_endpoint, {
    method: 'POST',
    headers: { Authorization: `Basic ${Buffer.from(['ledger', LEDGER_SECRET].map(encodeURIComponent).join(':')).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'authorization_code', code: answer.searchParams.get('code'), redirect_uri: CALLBACK, code_verifier: verifier }),
  })).json();

  const [header, claims] = tokens.access_token.split('.', 2).map(part => JSON.parse(Buffer.from(part, 'base64url')));

  assert.deepEqual([header.typ, header.alg], ['at+jwt', 'ES256']);
  // All claims that the validator for RFC 9068 requires.
  for (const claim of ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti']) assert.ok(claims[claim], claim);
  assert.deepEqual(claims.aud, [LOGIN, 'https://api.example.com']); // with the scope openid, the token is for userinfo, too
});
