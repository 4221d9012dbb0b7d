import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { secrets } from '../../base/secrets.ts';
import { postgresClient } from './client.ts';

/** A scenario's database, and the ordinary role that owns it. */
export interface Database extends AsyncDisposable {
  /** The URL for the service, which uses the ordinary role. */
  url: string;
  /** The URL for the lab, which uses the administrator in the same database. */
  adminUrl: string;
  role: string;
  /** The role's password. */
  password: string;
}

/** A database from which others are created. It has the same name as its role, which owns the others as well. */
export type DatabaseTemplate = Readonly<Pick<Database, 'role' | 'password'>>;

/** The administrator's connect timeout in milliseconds. */
const CONNECT_MS = 10_000;

/** Connects as the administrator, calls `act` and disconnects. */
export async function asAdmin<T>(url: string, act: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = postgresClient(url, { connectionTimeoutMillis: CONNECT_MS });
  client.on('error', () => {}); // the failing query reports it
  await client.connect();
  try {
    return await act(client);
  } finally {
    await client.end();
  }
}

/**
 * Creates a role and a database with a new name. The role is an ordinary one, so that the server's connection limit
 * applies to it.
 *
 * @param template The database to copy, with its tables, rows and settings. Its role is used instead of a new one.
 */
export async function createDatabase(adminUrl: string, template?: DatabaseTemplate): Promise<Database> {
  const name = `proofload_${randomBytes(6).toString('hex')}`;
  secrets.hidePassword(adminUrl);
  const { role, password } = template ?? { role: name, password: randomBytes(12).toString('hex') };
  secrets.hide(password);
  await asAdmin(adminUrl, async (client) => {
    if (template) {
      await client.query(`CREATE DATABASE ${name} OWNER ${role} TEMPLATE ${role}`);
      await copySettings(client, role, name);
    } else {
      await client.query(`CREATE ROLE ${role} LOGIN PASSWORD '${password}'`);
      // Otherwise, an administrator who is not a superuser could not give a database to the role.
      await client.query(`GRANT ${role} TO CURRENT_USER`);
      await client.query(`CREATE DATABASE ${name} OWNER ${role}`);
    }
  });
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const administrator = url.href;
  Object.assign(url, { username: role, password });
  return {
    url: url.href,
    adminUrl: administrator,
    role,
    password,
    [Symbol.asyncDispose]: () =>
      asAdmin(adminUrl, async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
        if (!template) await client.query(`DROP ROLE IF EXISTS ${role}`);
      }),
  };
}

/** Copies what `ALTER DATABASE … SET` has set, which does not belong to the content of a template. */
async function copySettings(client: pg.Client, from: string, to: string): Promise<void> {
  const { rows } = await client.query<{ setting: string }>(
    `SELECT unnest(setconfig) AS setting FROM pg_db_role_setting
       JOIN pg_database ON pg_database.oid = setdatabase WHERE datname = $1 AND setrole = 0`,
    [from],
  );
  for (const { setting } of rows) {
    const [name = '', ...value] = setting.split('=');
    // FROM CURRENT also works for lists such as search_path, which a quoted value would turn into a single name.
    await client.query('SELECT set_config($1, $2, false)', [name, value.join('=')]);
    await client.query(`ALTER DATABASE ${to} SET ${name} FROM CURRENT`);
  }
}

/** Ends all connections to a template, and allows no more, because a database that is in use can't be copied. */
export const closeTemplate = (adminUrl: string, name: string): Promise<void> =>
  asAdmin(adminUrl, async (client) => {
    await client.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false`);
    await client.query('SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1', [name]);
  });

/** Whether a database has no tables, views or sequences besides those of PostgreSQL. */
export const isEmpty = (url: string): Promise<boolean> =>
  asAdmin(url, async (client) => {
    const { rowCount } = await client.query(
      `SELECT 1 FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
         WHERE nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%' LIMIT 1`,
    );
    return rowCount === 0;
  });
