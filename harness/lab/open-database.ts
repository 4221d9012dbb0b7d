import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Certificates } from '../../faults/certificates/certificates.ts';
import { hasDatabaseBreaker } from '../contract/uses-postgres.ts';
import { type Circumstances, hasCondition } from './circumstances.ts';
import { DatabaseTarget } from './database-target.ts';
import { createDatabase, type Database, type DatabaseTemplate } from './postgres/database.ts';
import type { Postgres } from './postgres/running-postgres.ts';
import type { ServerSwitch } from './postgres/server-switch.ts';

/** Returns the path to the CA certificate for the database. */
export const databaseCa = ({ folder }: Pick<Circumstances, 'folder'>): string => resolve(folder, 'database-ca.pem');

/** Creates certificates for the database if a service process uses TLS for it. */
async function certificatesFor(options: Circumstances): Promise<Certificates | undefined> {
  if (!hasCondition(['postgres.tls', 'postgres.ca'], options)) return undefined;
  const { createCertificates } = await import('../../faults/certificates/certificates.ts');
  const certificates = await createCertificates();
  await writeFile(databaseCa(options), certificates.ca);
  return certificates;
}

/**
 * Creates the scenario's database, which is a copy of `template` if there is one. `resources` are disposed of when
 * the scenario ends.
 */
export async function openDatabase(
  { adminUrl, server }: Postgres,
  template: DatabaseTemplate | undefined,
  options: Circumstances,
  resources: AsyncDisposableStack,
): Promise<DatabaseTarget> {
  const database = resources.use(await createDatabase(adminUrl, template));
  return openTarget(database, server, options, resources);
}

/**
 * Puts a database behind a proxy, with certificates if the contract needs them. `resources` are disposed
 * of when it is no longer needed.
 */
export async function openTarget(
  database: Database,
  server: ServerSwitch | undefined,
  options: Circumstances,
  resources: AsyncDisposableStack,
): Promise<DatabaseTarget> {
  const certificates = await certificatesFor(options);
  const table = options.contract.pool?.table;
  const { ledger, tools = {} } = options.contract;
  const stores = [ledger, ...Object.values(tools)].flatMap((stored) => stored?.table ?? []);
  const countsCalls = hasDatabaseBreaker(options.contract);
  return resources.use(await DatabaseTarget.start({ database, table, stores, server, certificates, countsCalls }));
}
