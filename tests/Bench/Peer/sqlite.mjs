// libsql is a fork of SQLite with the interface of better-sqlite3. Its binaries are npm packages, so the registry is all it needs.
import Database from 'libsql';
import { schema } from './schema.mjs';

/** @param text A connection string such as `Data Source=/tmp/bench.db`. */
export async function open(text) {
  const database = new Database(text.replace(/^Data Source=/i, ''));

  // AuthServer's settings.
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
  database.exec(schema('text'));

  const prepared = new Map();
  const prepare = ({ name, text }) => {
    if (!prepared.has(name)) {
      prepared.set(name, database.prepare(text.replaceAll('$', '?')));
    }

    return prepared.get(name);
  };
  return {
    query: async (statement, values) => {
      const query = prepare(statement);
      return query.reader ? query.all(...values).map(read) : query.run(...values);
    },
  };
}

const read = row => row.payload ? { ...row, payload: JSON.parse(row.payload) } : row;
