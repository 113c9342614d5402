import pg from 'pg';
import { schema } from './schema.mjs';

// One for each connection of the load.
const CONNECTIONS = 16;

/** @param text A connection string of Npgsql, such as `Host=/tmp/x;Username=postgres;Database=bench`. */
export async function open(text) {
  const { host, port, username, password, database } = parse(text);
  const pool = new pg.Pool({ host, port, user: username, password, database, max: CONNECTIONS, idleTimeoutMillis: 0 });
  pool.on('error', error => console.error(error));
  await pool.query(schema('jsonb'));

  // A statement with a name is prepared once on each connection.
  return { query: async (statement, values) => (await pool.query({ ...statement, values })).rows };
}

const parse = text => Object.fromEntries(text.split(';').filter(Boolean).map(pair => {
  const [key, ...value] = pair.split('=');
  return [key.trim().toLowerCase(), value.join('=').trim()];
}));
