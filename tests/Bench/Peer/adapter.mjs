const COLUMNS = 'payload, consumed_at';

const UPSERT = {
  name: 'upsert',
  text: `INSERT INTO oidc_rows (model, id, payload, grant_id, user_code, uid, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (model, id) DO UPDATE SET payload = excluded.payload, grant_id = excluded.grant_id,
      user_code = excluded.user_code, uid = excluded.uid, expires_at = excluded.expires_at`,
};
const FIND = { name: 'find', text: `SELECT ${COLUMNS} FROM oidc_rows WHERE model = $1 AND id = $2` };
const FIND_BY_UID = { name: 'find-by-uid', text: `SELECT ${COLUMNS} FROM oidc_rows WHERE model = $1 AND uid = $2` };
const FIND_BY_USER_CODE = { name: 'find-by-user-code', text: `SELECT ${COLUMNS} FROM oidc_rows WHERE model = $1 AND user_code = $2` };
const CONSUME = { name: 'consume', text: 'UPDATE oidc_rows SET consumed_at = $3 WHERE model = $1 AND id = $2' };
const DESTROY = { name: 'destroy', text: 'DELETE FROM oidc_rows WHERE model = $1 AND id = $2' };
const REVOKE = { name: 'revoke', text: 'DELETE FROM oidc_rows WHERE model = $1 AND grant_id = $2' };

const now = () => Math.floor(Date.now() / 1000);

/** What the library stores, in one table. Each call is one statement, and each write is one commit. */
export const createAdapter = database => class Adapter {
  constructor(model) {
    this.model = model;
  }

  async upsert(id, payload, expiresIn) {
    const { grantId = null, userCode = null, uid = null } = payload;
    const expiresAt = expiresIn ? now() + expiresIn : null;
    await database.query(UPSERT, [this.model, id, JSON.stringify(payload), grantId, userCode, uid, expiresAt]);
  }

  find(id) {
    return this.#findBy(FIND, id);
  }

  findByUid(uid) {
    return this.#findBy(FIND_BY_UID, uid);
  }

  findByUserCode(userCode) {
    return this.#findBy(FIND_BY_USER_CODE, userCode);
  }

  async consume(id) {
    await database.query(CONSUME, [this.model, id, now()]);
  }

  async destroy(id) {
    await database.query(DESTROY, [this.model, id]);
  }

  async revokeByGrantId(grantId) {
    await database.query(REVOKE, [this.model, grantId]);
  }

  async #findBy(statement, value) {
    const [row] = await database.query(statement, [this.model, value]);
    return row && (row.consumed_at ? { ...row.payload, consumed: Number(row.consumed_at) } : row.payload);
  }
};
