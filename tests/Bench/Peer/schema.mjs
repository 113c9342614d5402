/** The tables, for both databases. `json` is the type for JSON. Instants are seconds since 1970. */
export const schema = json => `
  CREATE TABLE IF NOT EXISTS oidc_rows (
    model text NOT NULL,
    id text NOT NULL,
    payload ${json} NOT NULL,
    grant_id text,
    user_code text,
    uid text,
    expires_at bigint,
    consumed_at bigint,
    PRIMARY KEY (model, id));
  CREATE INDEX IF NOT EXISTS oidc_rows_grant_id ON oidc_rows (grant_id) WHERE grant_id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS oidc_rows_user_code ON oidc_rows (user_code) WHERE user_code IS NOT NULL;
  CREATE INDEX IF NOT EXISTS oidc_rows_uid ON oidc_rows (uid) WHERE uid IS NOT NULL;
  CREATE TABLE IF NOT EXISTS accounts (id text PRIMARY KEY, name text NOT NULL UNIQUE, password_hash text NOT NULL);`;
