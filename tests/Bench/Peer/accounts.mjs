import { randomUUID } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

// AuthServer's cost. The algorithm is Argon2id by default.
const COST = { memoryCost: 12288, timeCost: 3, parallelism: 1 };

const BY_ID = { name: 'account-by-id', text: 'SELECT id FROM accounts WHERE id = $1' };
const BY_NAME = { name: 'account-by-name', text: 'SELECT id, password_hash FROM accounts WHERE name = $1' };
const CREATE = {
  name: 'account-create',
  text: 'INSERT INTO accounts (id, name, password_hash) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING',
};

const account = ({ id }) => ({ accountId: id, claims: () => ({ sub: id }) });

/** The users, in a table. The only one is the user of the benchmark. */
export class Accounts {
  #database;
  #nobodysHash;

  constructor(database, nobodysHash) {
    this.#database = database;
    this.#nobodysHash = nobodysHash;
  }

  static async create(database) {
    await database.query(CREATE, [randomUUID(), 'alice', await hash('Measured-by-the-bench-1', COST)]);
    return new Accounts(database, await hash(randomUUID(), COST));
  }

  async byId(id) {
    const [row] = await this.#database.query(BY_ID, [id]);
    return row && account(row);
  }

  /** An unknown user costs the same as a wrong password. */
  async byPassword(name, password) {
    const [row] = await this.#database.query(BY_NAME, [name]);
    const isRight = await verify(row?.password_hash ?? this.#nobodysHash, password);
    return row && isRight ? account(row) : undefined;
  }
}
