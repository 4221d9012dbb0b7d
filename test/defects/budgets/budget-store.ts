import pg from 'pg';

/** What a caller has used and reserved, and until when that counts, in milliseconds since the epoch. */
interface Account {
  used: number;
  reserved: number;
  until: number;
}

/** Keeps the accounts of callers. */
export interface Store {
  /** Reserves an amount if the budget allows it. Returns whether it does. */
  reserve(caller: string, amount: number, max: number, until: number): Promise<boolean>;
  /** Adds to what was used, and takes from what is reserved. */
  add(caller: string, used: number, reserved: number): Promise<void>;
  used(caller: string): Promise<number>;
}

/** Keeps accounts in memory. `now` is the service's clock. */
export function inMemory(now: () => number): Store {
  const accounts = new Map<string, Account>();
  const current = (caller: string): Account => {
    const known = accounts.get(caller);
    if (known && now() < known.until) return known;
    const anew = { used: 0, reserved: 0, until: 0 };
    accounts.set(caller, anew);
    return anew;
  };
  return {
    async reserve(caller, amount, max, until) {
      const account = current(caller);
      if (account.used + account.reserved + amount > max) return false;
      account.reserved += amount;
      account.until ||= until;
      return true;
    },
    async add(caller, used, reserved) {
      const account = accounts.get(caller);
      if (!account) return;
      account.used += used;
      account.reserved += reserved;
    },
    async used(caller) {
      return current(caller).used;
    },
  };
}

/** Keeps one account of all callers in PostgreSQL. It never begins anew. */
export async function inPostgres(url: string): Promise<Store> {
  const pool = new pg.Pool({ connectionString: url, max: 5 });
  await pool.query(
    'CREATE TABLE IF NOT EXISTS spent (id int PRIMARY KEY, used float8 NOT NULL, reserved float8 NOT NULL)',
  );
  await pool.query('INSERT INTO spent VALUES (1, 0, 0) ON CONFLICT DO NOTHING');
  return {
    async reserve(_, amount, max) {
      const sql = 'UPDATE spent SET reserved = reserved + $1 WHERE used + reserved + $1 <= $2';
      return (await pool.query(sql, [amount, max])).rowCount === 1;
    },
    async add(_, used, reserved) {
      await pool.query('UPDATE spent SET used = used + $1, reserved = reserved + $2', [used, reserved]);
    },
    async used() {
      return (await pool.query('SELECT used FROM spent')).rows[0].used;
    },
  };
}
