// The rules of github.com/coreos/go-oidc, which docs/snippets/go uses. That program runs only where Go is installed.
import './apps.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Person } from './person.mjs';
import { begin, finish } from './snippet.mjs';

const { LOGIN } = process.env;
const part = (token, index) => JSON.parse(Buffer.from(token.split('.')[index], 'base64url'));

test('NewProvider: the metadata is at the issuer without its slash and the well-known path, and names it letter by letter', async () => {
  const answer = await fetch(`${LOGIN.replace(/\/$/, '')}/.well-known/openid-configuration`);

  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-type'), /^application\/json/);
  const metadata = await answer.json();
  assert.equal(metadata.issuer, LOGIN);
  // go-oidc ignores algorithms that it does not know. If none is left, it accepts RS256.
  assert.ok(metadata.id_token_signing_alg_values_supported.includes('RS256'));
  const keys = await fetch(metadata.jwks_uri);
  assert.match(keys.headers.get('cache-control'), /max-age=\d+/); // version 2 caches the keys that long, and fetches no new key earlier
});

test('Verifier: iss and aud letter by letter, exp a number, the key by its id, the algorithm of the list', async () => {
  const { address, checks } = await begin();
  const tokens = await finish(await new Person().signInToApp(address), checks);

  const { keys } = await (await fetch(new URL('.well-known/jwks', LOGIN))).json();
  for (const [token, algorithm, audience] of [[tokens.id_token, 'RS256', ['shop']], [tokens.access_token, 'ES256', [LOGIN, 'https://api.example.com']]]) {
    const [header, claims] = [part(token, 0), part(token, 1)];
    assert.equal(header.alg, algorithm);
    assert.ok(keys.some(key => key.kid === header.kid && key.use === 'sig'));
    assert.equal(claims.iss, LOGIN);
    assert.deepEqual([claims.aud].flat(), audience); // one text or an array: go-oidc reads both
    assert.ok(Number.isInteger(claims.exp) && Number.isInteger(claims.iat));
  }
  assert.equal(part(tokens.id_token, 1).nonce, checks.expectedNonce); // go-oidc does not compare the nonce: the program must
});
