import './apps.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';
import { desk, request, shopBy } from './apps.mjs';
import { Person, hidden } from './person.mjs';
import { begin, finish, shop } from './snippet.mjs';

const { SHOP, LOGIN } = process.env;
const CALLBACK = `${SHOP}/signin-oidc`;

test('OpenID Connect Core 3.1: a pushed request with PKCE, state and nonce signs in', async () => {
  const { address, checks } = await begin();
  assert.deepEqual([...address.searchParams.keys()].sort(), ['client_id', 'request_uri']);

  const tokens = await finish(await new Person().signInToApp(address), checks);

  const claims = tokens.claims();
  assert.equal(claims.iss, LOGIN);
  assert.equal(claims.aud, 'shop');
  assert.equal(claims.nonce, checks.expectedNonce);
  assert.equal(claims.name, 'Alice Ahn');
  assert.equal(claims.email, 'alice@example.test');
  assert.ok(claims.sid && claims.auth_time && claims.at_hash);
  assert.equal(tokens.token_type, 'bearer');
  assert.ok(tokens.expiresIn() > 0);
});

test('OpenID Connect Core 5.3: userinfo is about the person of the ID token', async () => {
  const { address, checks } = await begin();
  const tokens = await finish(await new Person().signInToApp(address), checks);

  const person = await client.fetchUserInfo(shop, tokens.access_token, tokens.claims().sub);

  assert.equal(person.name, 'Alice Ahn');
  await assert.rejects(client.fetchUserInfo(shop, tokens.access_token, 'somebody else'), { code: 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED' });
});

test('RFC 9068: an API that is written with oauth4webapi takes the access token, and no other', async () => {
  const { address, checks } = await begin();
  const tokens = await finish(await new Person().signInToApp(address), checks);
  const ask = (token, audience = 'https://api.example.com') => oauth.validateJwtAccessToken(
    shop.serverMetadata(), new Request(audience, { headers: { authorization: `Bearer ${token}` } }), audience, { [oauth.allowInsecureRequests]: true });

  const claims = await ask(tokens.access_token);

  assert.equal(claims.sub, tokens.claims().sub);
  assert.ok(claims.scope.split(' ').includes('things.read'));
  await assert.rejects(ask(tokens.id_token));
  await assert.rejects(ask(tokens.access_token, 'https://other.example.com'));
});

test('RFC 6749 2.3.1: the app authenticates by the header or by the form, whatever characters its secret has', async () => {
  for (const way of [client.ClientSecretBasic, client.ClientSecretPost]) {
    const config = await shopBy(way);
    const { address, checks } = await request(config, CALLBACK);
    const tokens = await client.authorizationCodeGrant(config, await new Person().signInToApp(address), { ...checks, idTokenExpected: true });
    assert.equal(tokens.claims().aud, 'shop');
  }
});

test('OAuth 2.0 Form Post Response Mode: the answer comes as a form', async () => {
  const config = await shopBy(client.ClientSecretBasic);
  const { address, checks } = await request(config, CALLBACK, { response_mode: 'form_post' });

  const { html } = await new Person().signIn(address);

  const answer = new Request(html.match(/action="([^"]*)"/)[1], { method: 'POST', body: new URLSearchParams(hidden(html)) });
  assert.equal(answer.url, CALLBACK);
  assert.equal((await client.authorizationCodeGrant(config, answer, { ...checks, idTokenExpected: true })).claims().aud, 'shop');
});

test('OpenID Connect Core 3.1.2.1: max_age signs in anew, and the ID token says when', async () => {
  const config = await shopBy(client.ClientSecretBasic);
  const alice = new Person();
  const first = await request(config, CALLBACK);
  const before = (await client.authorizationCodeGrant(config, await alice.signInToApp(first.address), first.checks)).claims();
  const again = await request(config, CALLBACK, { max_age: '0' });
  await new Promise(done => setTimeout(done, 1100));

  const tokens = await client.authorizationCodeGrant(config, await alice.signInToApp(again.address), { ...again.checks, maxAge: 0 });

  assert.ok(tokens.claims().auth_time > before.auth_time);
  assert.equal(tokens.claims().sub, before.sub);
});

test('RFC 8252: an app on the desk has no secret, any loopback port, and asks for consent', async () => {
  const config = await desk();
  const callback = 'http://127.0.0.1:49152/callback';
  const [no, yes] = [await request(config, callback, { prompt: 'consent' }), await request(config, callback, { prompt: 'consent' })];
  const alice = new Person();

  const denied = await alice.submit(await alice.signIn(no.address), { answer: 'no' });
  await assert.rejects(client.authorizationCodeGrant(config, denied.url, no.checks), { name: 'AuthorizationResponseError', error: 'access_denied' });

  const allowed = await alice.submit(await alice.open(yes.address), { answer: 'yes' });
  assert.equal((await client.authorizationCodeGrant(config, allowed.url, yes.checks)).claims().aud, 'desk');
});
