import './apps.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as client from 'openid-client';
import { isInvalidClient, nightly } from './apps.mjs';
import { Person } from './person.mjs';
import { begin, finish, shop } from './snippet.mjs';

async function signIn() {
  const { address, checks } = await begin();
  return await finish(await new Person().signInToApp(address), checks);
}

test('RFC 6749 6, OpenID Connect Core 12.2: a refresh gives new tokens of the same sign-in', async () => {
  const before = await signIn();

  const after = await client.refreshTokenGrant(shop, before.refresh_token);

  assert.notEqual(after.access_token, before.access_token);
  assert.notEqual(after.refresh_token, before.refresh_token);
  for (const claim of ['iss', 'sub', 'aud', 'sid', 'auth_time', 'azp']) {
    assert.equal(after.claims()[claim], before.claims()[claim], claim);
  }
  assert.equal((await client.fetchUserInfo(shop, after.access_token, before.claims().sub)).name, 'Alice Ahn');
});

test('RFC 7662: introspection tells about both tokens, and nothing about others', async () => {
  const tokens = await signIn();

  const access = await client.tokenIntrospection(shop, tokens.access_token);
  const refresh = await client.tokenIntrospection(shop, tokens.refresh_token, { token_type_hint: 'refresh_token' });

  assert.deepEqual([access.active, access.client_id, access.sub, access.aud], [true, 'shop', tokens.claims().sub, [shop.serverMetadata().issuer, 'https://api.example.com']]);
  assert.equal(refresh.active, true);
  assert.deepEqual(await client.tokenIntrospection(shop, 'nonsense'), { active: false });
});

test('RFC 7009: a revoked refresh token is of no more use, and its access token inactive', async () => {
  const tokens = await signIn();

  await client.tokenRevocation(shop, tokens.refresh_token);

  await assert.rejects(client.refreshTokenGrant(shop, tokens.refresh_token), { name: 'ResponseBodyError', error: 'invalid_grant' });
  assert.equal((await client.tokenIntrospection(shop, tokens.access_token)).active, false);
  await assert.rejects(client.fetchUserInfo(shop, tokens.access_token, tokens.claims().sub), error => {
    assert.equal(error.name, 'WWWAuthenticateChallengeError');
    assert.equal(error.status, 401);
    assert.equal(error.cause[0].scheme, 'bearer');
    assert.equal(error.cause[0].parameters.error, 'invalid_token');
    return true;
  });
  await client.tokenRevocation(shop, 'nonsense');
});

test('RFC 6749 4.4, RFC 7523: an app without a person signs an assertion and gets a token of its own', async () => {
  const config = await nightly();

  const tokens = await client.clientCredentialsGrant(config, { scope: 'things.read' });

  assert.equal(tokens.scope ?? 'things.read', 'things.read');
  assert.equal(tokens.refresh_token, undefined);
  assert.equal((await client.tokenIntrospection(config, tokens.access_token)).client_id, 'nightly');
  await client.tokenRevocation(config, tokens.access_token);
  await assert.rejects(client.clientCredentialsGrant(config, { scope: 'profile' }), { name: 'ResponseBodyError', error: 'invalid_scope', status: 400 });
});

test('RFC 7523 3: an assertion for another server, about another app or out of time is invalid_client', async () => {
  for (const change of [
    (_, claims) => { claims.aud = 'https://login.other.example/'; },
    (_, claims) => { claims.sub = 'shop'; },
    (_, claims) => { claims.exp = claims.iat - 600; },
  ]) {
    await assert.rejects(client.clientCredentialsGrant(await nightly({ change })), isInvalidClient);
  }
});

test('RFC 8414 2: an assertion may be signed with every algorithm that the metadata names', async () => {
  const metadata = (await nightly()).serverMetadata();
  for (const endpoint of ['token', 'introspection', 'revocation']) {
    assert.ok(metadata[`${endpoint}_endpoint_auth_methods_supported`].includes('private_key_jwt'));
    const algorithms = metadata[`${endpoint}_endpoint_auth_signing_alg_values_supported`];
    assert.ok(algorithms.includes('RS256') && algorithms.includes('ES256'));
    for (const algorithm of algorithms) {
      const config = await nightly({ algorithm });
      const { access_token } = await client.clientCredentialsGrant(config, { scope: 'things.read' });
      assert.equal((await client.tokenIntrospection(config, access_token)).active, true, algorithm);
    }
  }
});
