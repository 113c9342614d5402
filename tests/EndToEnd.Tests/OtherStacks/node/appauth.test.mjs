// The requests and checks of AppAuth for Android and iOS, by hand, because AppAuth cannot run here. docs/integrate.md, "A native
// app".
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { Person } from './person.mjs';

const { LOGIN } = process.env;
const SCHEME = 'com.example.desk:/callback';
const random = () => randomBytes(32).toString('base64url');
const s256 = text => createHash('sha256').update(text).digest('base64url');
const metadata = await (await fetch(new URL('.well-known/openid-configuration', LOGIN))).json();
const post = (address, fields) => fetch(address, { method: 'POST', body: new URLSearchParams(fields) });

function begin(redirect_uri, changes) {
  const request = { verifier: random(), state: random(), nonce: random(), redirect_uri };
  const address = new URL(metadata.authorization_endpoint);
  address.search = new URLSearchParams({
    redirect_uri, client_id: 'desk', response_type: 'code', state: request.state, nonce: request.nonce, scope: 'openid profile offline_access',
    code_challenge: s256(request.verifier), code_challenge_method: 'S256', ...changes,
  });
  return { ...request, address };
}

const redeem = ({ redirect_uri, verifier }, code) =>
  post(metadata.token_endpoint, { grant_type: 'authorization_code', client_id: 'desk', redirect_uri, code, code_verifier: verifier });

/** Signed in, and the first time asked: there is no secret, so that another program could use the same client_id. */
async function allow(person, request) {
  const page = await person.signIn(request.address);
  return page.html === undefined ? page.url : (await person.submit(page, { answer: 'yes' })).url;
}

test('RFC 8252 7.1: a sign-in comes back to the scheme of the app, and so does a sign-out', async () => {
  const alice = new Person();
  const request = begin(SCHEME);

  const answer = await allow(alice, request);

  assert.ok(answer.href.startsWith(`${SCHEME}?`), answer.href);
  assert.equal(answer.searchParams.get('state'), request.state);
  assert.equal(answer.searchParams.get('iss'), LOGIN);
  const tokens = await (await redeem(request, answer.searchParams.get('code'))).json();
  const claims = JSON.parse(Buffer.from(tokens.id_token.split('.')[1], 'base64url'));
  assert.equal(claims.iss, metadata.issuer);
  assert.deepEqual([claims.aud].flat(), ['desk']);
  assert.equal(claims.nonce, request.nonce);
  assert.ok(Math.abs(claims.iat - Date.now() / 1000) < 600); // AppAuth's limit
  assert.equal(tokens.token_type.toLowerCase(), 'bearer');

  const refreshed = await (await post(metadata.token_endpoint, { grant_type: 'refresh_token', client_id: 'desk', refresh_token: tokens.refresh_token })).json();
  assert.ok(refreshed.access_token && refreshed.refresh_token !== tokens.refresh_token);

  const leaving = new URL(metadata.end_session_endpoint);
  leaving.search = new URLSearchParams({ id_token_hint: tokens.id_token, post_logout_redirect_uri: 'com.example.desk:/goodbye', state: 'away' });
  assert.equal((await alice.open(leaving)).url.href, 'com.example.desk:/goodbye?state=away');
});

test('RFC 8252 7.3: any port of 127.0.0.1 will do, and only of the registered path', async () => {
  for (const port of [49152, 1024]) {
    const request = begin(`http://127.0.0.1:${port}/callback`);
    const answer = await allow(new Person(), request);
    assert.equal(`${answer.origin}${answer.pathname}`, request.redirect_uri);
    assert.equal((await redeem(request, answer.searchParams.get('code'))).status, 200);
  }

  for (const other of ['http://127.0.0.1:49152/elsewhere', 'com.example.other:/callback', 'com.example.desk:/elsewhere']) {
    const page = await new Person().open(begin(other).address);
    assert.equal(page.status, 400, other);
    assert.equal(page.url.origin, new URL(LOGIN).origin);
  }
});

test('RFC 7636: without PKCE, or with another verifier, a program that has caught the code gets nothing', async () => {
  const without = await new Person().open(begin(SCHEME, { code_challenge: '', code_challenge_method: '' }).address);
  assert.equal(without.url.searchParams.get('error'), 'invalid_request');

  const request = begin(SCHEME);
  const code = (await allow(new Person(), request)).searchParams.get('code');
  const caught = await redeem({ ...request, verifier: random() }, code);
  assert.deepEqual([caught.status, (await caught.json()).error], [400, 'invalid_grant']);
});
