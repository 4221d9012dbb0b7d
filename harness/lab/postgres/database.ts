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
}

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
 */
export async function createDatabase(adminUrl: string): Promise<Database> {
  const name = `proofload_${randomBytes(6).toString('hex')}`;
  secrets.hidePassword(adminUrl);
  const password = randomBytes(12).toString('hex');
  secrets.hide(password);
  await asAdmin(adminUrl, async (client) => {
    await client.query(`CREATE ROLE ${name} LOGIN PASSWORD '${password}'`);
    await client.query(`CREATE DATABASE ${name} OWNER ${name}`);
  });
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const administrator = url.href;
  Object.assign(url, { username: name, password });
  return {
    url: url.href,
    adminUrl: administrator,
    role: name,
    [Symbol.asyncDispose]: () =>
      asAdmin(adminUrl, async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
        await client.query(`DROP ROLE IF EXISTS ${name}`);
      }),
  };
}
