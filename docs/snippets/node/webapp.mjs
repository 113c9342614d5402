// A web app that signs in at the issuer and calls the API for the person. Run it: npm ci && node webapp.mjs
import express from 'express';
import session from 'express-session';
import * as client from 'openid-client';

const { ISSUER = 'http://localhost:8400/', API = 'http://localhost:8410', PORT = '8600' } = process.env;
const { CLIENT_ID = 'snippet-spa', CLIENT_SECRET = 'snippet-spa-demo-secret', SESSION_SECRET = 'for this machine only' } = process.env;
const HERE = process.env.HERE ?? `http://localhost:${PORT}`; // as browsers know it, also behind a proxy

const http = ISSUER.startsWith('http:') ? [client.allowInsecureRequests] : []; // the demo
const issuer = await client.discovery(new URL(ISSUER), CLIENT_ID, CLIENT_SECRET, undefined, { execute: [client.enableNonRepudiationChecks, ...http] });

const app = express();
app.set('trust proxy', 'loopback'); // X-Forwarded-Proto of a proxy on this machine, for the cookie
app.use(session({
  name: HERE.startsWith('https:') ? '__Host-session' : 'session',
  secret: SESSION_SECRET,
  cookie: { httpOnly: true, sameSite: 'lax', secure: HERE.startsWith('https:') },
  resave: false,
  saveUninitialized: false, // and a store that all nodes share: without one the sessions are in this process's memory
}));

/** Remembers what the answer is checked with, and sends the browser to the issuer. */
async function signIn(request, response) {
  const checks = { pkceCodeVerifier: client.randomPKCECodeVerifier(), expectedState: client.randomState(), expectedNonce: client.randomNonce(), idTokenExpected: true };
  request.session.begun = { checks, returnTo: request.originalUrl };
  const address = await client.buildAuthorizationUrlWithPAR(issuer, {
    redirect_uri: `${HERE}/signin-oidc`,
    scope: 'openid profile offline_access notes.read',
    code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
  });
  response.redirect(address.href);
}

const signedIn = (request, response, next) => request.session.user ? next() : signIn(request, response);

const keep = (session, tokens) => Object.assign(session, {
  accessToken: tokens.access_token,
  refreshToken: tokens.refresh_token ?? session.refreshToken,
  idToken: tokens.id_token ?? session.idToken,
  expiresAt: Date.now() + tokens.expires_in * 1000,
});

/** Refreshes when the access token has 30 seconds left. Two at once get the same next one (the issuer's leeway). */
async function accessToken(session) {
  if (session.expiresAt < Date.now() + 30_000) {
    keep(session, await client.refreshTokenGrant(issuer, session.refreshToken));
    console.log(`Refreshed the access token of ${session.user.sub}`);
  }
  return session.accessToken;
}

app.get('/signin-oidc', async (request, response) => {
  const { begun } = request.session;
  if (!begun) return response.redirect('/'); // of another browser, or used already
  delete request.session.begun;
  let tokens;
  try {
    tokens = await client.authorizationCodeGrant(issuer, new URL(request.originalUrl, HERE), begun.checks);
  } catch (error) {
    if (error instanceof client.AuthorizationResponseError) return response.status(403).type('text').send(`You are not signed in: ${error.error}`);
    throw error;
  }
  request.session.regenerate(error => { // a session id of before the sign-in is worth nothing after it
    if (error) throw error;
    const { sub, name } = tokens.claims();
    keep(request.session, tokens).user = { sub, name };
    response.redirect(begun.returnTo);
  });
});

app.get('/', signedIn, (request, response) => response.type('text').send(`Hello ${request.session.user.name}`));

app.get('/notes', signedIn, async (request, response) => {
  try {
    const answer = await fetch(`${API}/api/notes`, { headers: { Authorization: `Bearer ${await accessToken(request.session)}` } });
    response.status(answer.status).type('json').send(await answer.text());
  } catch (error) {
    if (error.error !== 'invalid_grant') throw error;
    delete request.session.user; // the sign-in has ended at the issuer
    await signIn(request, response);
  }
});

app.get('/signout', (request, response) => {
  const { idToken } = request.session;
  request.session.destroy(() => response.redirect(
    client.buildEndSessionUrl(issuer, { ...idToken && { id_token_hint: idToken }, post_logout_redirect_uri: `${HERE}/signout-callback-oidc` }).href));
});
app.get('/signout-callback-oidc', (_, response) => response.redirect('/'));
app.listen(Number(PORT), 'localhost');
