// The peer of the benchmark: node-oidc-provider, set up as for production. Client, user, scope, cost of the password hash and signing
// algorithm are those of AuthServer. Settings: ConnectionStrings__Peer, Provider (Postgres or Sqlite), Urls.
import { createServer } from 'node:http';
import { createProvider } from './provider.mjs';

const { ConnectionStrings__Peer, Provider, Urls } = process.env;
const { open } = await import(Provider === 'Postgres' ? './postgres.mjs' : './sqlite.mjs');

const database = await open(ConnectionStrings__Peer);
const provider = await createProvider(database);
const serve = provider.callback();

// It listens when it has its schema and its key, so it is ready as soon as it answers.
const server = createServer((request, response) => request.url === '/health/ready' ? response.end('Healthy') : serve(request, response));

// The load pauses while the other server has its turn. Node would close the connections after 5 seconds.
server.keepAliveTimeout = 120_000;

const { hostname, port } = new URL(Urls ?? 'http://127.0.0.1:0');
server.listen(port, hostname, () => console.log(`Now listening on: http://${hostname}:${server.address().port}`));
