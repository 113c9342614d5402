// An API that trusts the issuer, and the single-page app in public/ that calls it. Run it: npm ci && node api.mjs
import express from 'express';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';

const { ISSUER = 'http://localhost:8400/', AUDIENCE = 'http://localhost:8410', PORT = '8600' } = process.env;

// Fetches the keys again when a token names one that it does not know, at most once a second.
const keys = createRemoteJWKSet(new URL('.well-known/jwks', ISSUER), { cooldownDuration: 1000 });
const checks = { issuer: ISSUER, audience: AUDIENCE, typ: 'at+jwt', algorithms: ['ES256'], requiredClaims: ['exp', 'sub'] };

const requires = scope => async (request, response, next) => {
  const token = /^Bearer +(\S+)$/i.exec(request.get('Authorization') ?? '')?.[1];
  if (!token) return response.set('WWW-Authenticate', 'Bearer').sendStatus(401);
  try {
    request.token = (await jwtVerify(token, keys, checks)).payload;
  } catch (error) {
    // Not reachable, or not answering with keys: that is no fault of the token.
    if (!(error instanceof errors.JOSEError) || ['ERR_JWKS_TIMEOUT', 'ERR_JOSE_GENERIC'].includes(error.code)) return response.set('Retry-After', '5').sendStatus(503);
    return response.set('WWW-Authenticate', 'Bearer error="invalid_token"').sendStatus(401);
  }
  if (!request.token.scope?.split(' ').includes(scope)) return response.set('WWW-Authenticate', `Bearer error="insufficient_scope", scope="${scope}"`).sendStatus(403);
  next();
};

const app = express();
app.get('/notes', requires('notes.read'), (request, response) => response.json({ subject: request.token.sub }));

// The page: what a bundler makes of it is served the same way.
const policy = `default-src 'self'; connect-src 'self' ${new URL(ISSUER).origin}; frame-ancestors 'none'`;
app.use((_, response, next) => (response.set('Content-Security-Policy', policy), next()));
app.get('/settings.json', (_, response) => response.json({ authority: ISSUER }));
app.use('/oidc-client-ts.js', express.static('node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js'));
app.use(express.static('public'));
app.listen(Number(PORT), 'localhost');
