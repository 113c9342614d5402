import './apps.mjs';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as client from 'openid-client';
import { kiosk, request } from './apps.mjs';
import { Person } from './person.mjs';
import { begin, finish, shop, signOut } from './snippet.mjs';

const { SHOP, LOGIN } = process.env;
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

test('OpenID Connect RP-Initiated Logout 1.0: the app signs out at the issuer and gets the browser back', async () => {
  const alice = new Person();
  const { address, checks } = await begin();
  const tokens = await finish(await alice.signInToApp(address), checks);
  const leaving = signOut(tokens);
  leaving.searchParams.set('state', 'a&b');

  const { url } = await alice.open(leaving);

  assert.equal(url.href, `${SHOP}/signout-callback-oidc?state=a%26b`);
  await assert.rejects(client.refreshTokenGrant(shop, tokens.refresh_token), { error: 'invalid_grant' });
  const again = await begin();
  assert.match((await alice.open(again.address)).html, /name="password"/);
});

test('RP-Initiated Logout 1.0, 3: an address that is not registered gets no browser', async () => {
  const alice = new Person();
  const { address, checks } = await begin();
  const tokens = await finish(await alice.signInToApp(address), checks);
  const leaving = signOut(tokens);
  leaving.searchParams.set('post_logout_redirect_uri', 'https://evil.example/');

  const { url, status } = await alice.open(leaving);

  assert.equal(url.origin, new URL(LOGIN).origin);
  assert.equal(status, 400);
});

test('OpenID Connect Back-Channel Logout 1.0: the token that tells the app is as jose wants it', async () => {
  const server = createServer();
  server.listen(new URL(SHOP).port, 'localhost');
  await once(server, 'listening');
  try {
    const config = await kiosk();
    const alice = new Person();
    const { address, checks } = await request(config, `${SHOP}/signin-oidc`);
    const tokens = await client.authorizationCodeGrant(config, await alice.signInToApp(address), checks);
    const told = once(server, 'request');

    await alice.open(client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token }));

    const [call, answer] = await told;
    let body = '';
    for await (const piece of call) body += piece;
    answer.end();
    assert.equal(call.url, '/backchannel-logout?of=kiosk');
    assert.match(call.headers['content-type'], /^application\/x-www-form-urlencoded/);
    const { payload, protectedHeader } = await jwtVerify(
      new URLSearchParams(body).get('logout_token'),
      createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri)),
      { issuer: LOGIN, audience: 'kiosk', typ: 'logout+jwt', algorithms: ['RS256'], requiredClaims: ['iat', 'exp', 'jti', 'events', 'sid'] });
    assert.deepEqual(payload.events, { [EVENT]: {} });
    assert.equal(payload.sid, tokens.claims().sid);
    assert.equal(payload.sub, tokens.claims().sub);
    assert.equal(payload.nonce, undefined);
    assert.ok(protectedHeader.kid);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
