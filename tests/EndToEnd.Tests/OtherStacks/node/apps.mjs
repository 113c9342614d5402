// The apps of the tests as configurations of openid-client. The documentation's own app is in snippet.mjs.
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { importPKCS8 } from 'jose';
import * as client from 'openid-client';

// Node 18 has these, but not as globals.
globalThis.crypto ??= webcrypto;
globalThis.CryptoKey ??= webcrypto.CryptoKey;

const { LOGIN, NIGHTLY_KEYS, SHOP_SECRET } = process.env;

const CURVES = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' };

const app = (id, authentication) =>
  client.discovery(new URL(LOGIN), id, undefined, authentication, { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] });

export const shopBy = authentication => app('shop', authentication(SHOP_SECRET));

export const desk = () => app('desk', client.None());

export const tv = () => app('tv', client.None());

/** It has no secret but keys, one a curve and one for RSA. */
export async function nightly({ algorithm = 'ES256', change } = {}) {
  const kid = CURVES[algorithm] ?? 'RSA';
  const key = await importPKCS8(JSON.parse(NIGHTLY_KEYS)[kid], algorithm);
  return await app('nightly', client.PrivateKeyJwt({ key, kid }, change && { [client.modifyAssertion]: change }));
}

/** An authorization request without what openid-client need not send, and what is to be checked later. */
export async function request(config, redirect_uri, parameters) {
  const checks = { pkceCodeVerifier: client.randomPKCECodeVerifier(), expectedState: client.randomState() };
  const address = client.buildAuthorizationUrl(config, {
    redirect_uri,
    scope: 'openid',
    code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
    ...parameters,
  });
  return { address, checks };
}

/** RFC 6749 5.2, RFC 9110 15.5.2: 401 with a challenge, in which openid-client finds the error. */
export function isInvalidClient(error) {
  assert.equal(error.name, 'WWWAuthenticateChallengeError');
  assert.equal(error.status, 401);
  assert.equal(error.cause[0].scheme, 'basic');
  assert.equal(error.cause[0].parameters.error, 'invalid_client');
  return true;
}
