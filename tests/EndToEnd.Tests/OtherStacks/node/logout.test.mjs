import './apps.mjs';
import assert from 'node:assert/strict';
import { on, once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as client from 'openid-client';
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

test('OpenID Connect Back-Channel Logout 1.0: the token that tells the app is as jose wants it', { timeout: 60_000 }, async () => {
  const { address, checks } = await begin();
  const alice = new Person();
  const session = (await finish(await alice.signInToApp(address), checks)).claims();
  const server = createServer();
  server.listen(new URL(SHOP).port, 'localhost');
  await once(server, 'listening');
  try {
    const calls = on(server, 'request');
    const question = await alice.open(new URL('/account/logout', LOGIN));
    assert.equal((await alice.submit(question, {})).status, 200);

    const { payload, protectedHeader } = await told(calls, session.sid);

    assert.deepEqual(payload.events, { [EVENT]: {} });
    assert.equal(payload.sub, session.sub);
    assert.equal(payload.nonce, undefined);
    assert.ok(protectedHeader.kid);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

/** The logout token about this session, verified: the app may be told of others that it was not there to hear of. */
async function told(calls, session) {
  const keys = createRemoteJWKSet(new URL(shop.serverMetadata().jwks_uri));
  for await (const [call, answer] of calls) {
    let body = '';
    for await (const piece of call) body += piece;
    answer.end();
    assert.equal(`${call.method} ${call.url}`, 'POST /backchannel-logout');
    assert.match(call.headers['content-type'], /^application\/x-www-form-urlencoded/);
    const token = await jwtVerify(new URLSearchParams(body).get('logout_token'), keys,
      { issuer: LOGIN, audience: 'shop', typ: 'logout+jwt', algorithms: ['RS256'], requiredClaims: ['iat', 'exp', 'jti', 'events', 'sid'] });
    if (token.payload.sid === session) return token;
  }
}
