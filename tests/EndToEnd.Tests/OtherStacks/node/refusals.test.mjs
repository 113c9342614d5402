import './apps.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as client from 'openid-client';
import { isInvalidClient, request, shopBy } from './apps.mjs';
import { Person } from './person.mjs';
import { begin, finish, shop } from './snippet.mjs';

const CALLBACK = `${process.env.SHOP}/signin-oidc`;

/** A sign-in up to the address of the app, not yet finished. */
async function signedIn() {
  const { address, checks } = await begin();
  return { url: await new Person().signInToApp(address), checks };
}

const changed = (url, name, value) => {
  const copy = new URL(url);
  if (value === undefined) copy.searchParams.delete(name);
  else copy.searchParams.set(name, value);
  return copy;
};

/** openid-client says what it found in the error, or in what that was caused by. */
const saying = words => error => words.test(`${error.message}: ${error.cause?.message}`);

const INVALID_GRANT = { name: 'ResponseBodyError', error: 'invalid_grant', status: 400 };

test('RFC 9207: openid-client refuses an answer of another issuer, or of none, and takes the right one after that', async () => {
  const { url, checks } = await signedIn();

  await assert.rejects(finish(changed(url, 'iss', 'https://login.other.example/'), checks), saying(/unexpected "iss"/));
  await assert.rejects(finish(changed(url, 'iss'), checks), saying(/"iss".* missing/));
  await assert.rejects(finish(changed(url, 'state', 'another'), checks), saying(/unexpected "state"/));
  await assert.rejects(finish(changed(url, 'state'), checks), saying(/"state" missing/));

  assert.ok((await finish(url, checks)).id_token);
});

test('RFC 6749 4.1.2: AuthServer refuses a code that is used again, and ends what it gave', async () => {
  const { url, checks } = await signedIn();
  const tokens = await finish(url, checks);
  assert.equal((await client.tokenIntrospection(shop, tokens.access_token)).active, true);

  await assert.rejects(finish(url, checks), INVALID_GRANT);

  await assert.rejects(client.refreshTokenGrant(shop, tokens.refresh_token), INVALID_GRANT);
  assert.equal((await client.tokenIntrospection(shop, tokens.access_token)).active, false);
});

test('RFC 7636, RFC 6749 4.1.3: AuthServer refuses a code with another verifier, at another address, or that it has not made', async () => {
  const { url, checks } = await signedIn();

  for (const [address, check] of [
    [url, { ...checks, pkceCodeVerifier: client.randomPKCECodeVerifier() }],
    [new URL(`/elsewhere${url.search}`, url), checks],
    [changed(url, 'code', 'a'.repeat(43)), checks],
  ]) {
    await assert.rejects(finish(address, check), INVALID_GRANT);
  }
});

test('OpenID Connect Core 3.1.3.7: openid-client refuses an ID token with another nonce or a changed claim', async () => {
  const first = await signedIn();
  await assert.rejects(finish(first.url, { ...first.checks, expectedNonce: client.randomNonce() }), saying(/unexpected JWT claim value/));

  for (const [change, reason] of [
    [claims => ({ ...claims, sub: 'somebody else' }), /signature/],
    [claims => ({ ...claims, aud: 'another' }), /unexpected JWT "aud"/],
    [claims => ({ ...claims, iss: 'https://login.other.example/' }), /unexpected JWT "iss"/],
    [claims => ({ ...claims, exp: 1 }), /"exp"/],
  ]) {
    const { url, checks } = await signedIn();
    const config = await shopBy(client.ClientSecretBasic);
    config[client.customFetch] = async (...call) => {
      const answer = await fetch(...call);
      return /\/connect\/token$/.test(call[0]) ? Response.json(forged(await answer.json(), change)) : answer;
    };
    await assert.rejects(client.authorizationCodeGrant(config, url, checks), saying(reason));
  }
});

test('OpenID Connect Core 3.1.2.6: prompt=none without a session is login_required, an error that openid-client believes', async () => {
  const config = await shopBy(client.ClientSecretBasic);
  const { address, checks } = await request(config, CALLBACK, { prompt: 'none' });

  const { url } = await new Person().open(address);

  await assert.rejects(client.authorizationCodeGrant(config, url, checks), { name: 'AuthorizationResponseError', error: 'login_required' });
  await assert.rejects(client.authorizationCodeGrant(config, changed(url, 'iss', 'https://login.other.example/'), checks), saying(/unexpected "iss"/));
});

test('RFC 6749 5.2: a wrong secret is invalid_client', async () => {
  const { url, checks } = await signedIn();
  for (const way of [client.ClientSecretBasic, client.ClientSecretPost]) {
    const config = await shopBy(() => way('wrong'));
    await assert.rejects(client.authorizationCodeGrant(config, url, checks), isInvalidClient);
  }
});

/** The ID token of an answer with other claims under the old signature. */
function forged(answer, change) {
  const [header, payload, signature] = answer.id_token.split('.');
  const claims = change(JSON.parse(Buffer.from(payload, 'base64url')));
  return { ...answer, id_token: [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.') };
}
