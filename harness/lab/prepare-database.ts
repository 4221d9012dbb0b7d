import { relative } from 'node:path';
import { atMostFor, now } from '../base/clock.ts';
import { messageOf, ProofloadError } from '../base/errors.ts';
import { secrets } from '../base/secrets.ts';
import { type Contract, numbersOf } from '../contract/contract.ts';
import { freePort } from '../process/readiness.ts';
import type { Reaper } from '../process/reaper.ts';
import type { Fakes } from './fakes.ts';
import { databaseCa, openTarget } from './open-database.ts';
import { closeTemplate, createDatabase, type Database, type DatabaseTemplate, isEmpty } from './postgres/database.ts';
import { runSqlFile, sqlFilesAt } from './postgres/run-sql.ts';
import type { Postgres } from './postgres/running-postgres.ts';
import { launchOf, newSecret } from './service/launch.ts';
import { createServiceFolder, writeServiceFiles } from './service/service-folder.ts';
import { startProgram } from './service/start-program.ts';

/** A database with the tables and rows that the contract describes, of which each scenario gets a copy. */
export interface PreparedDatabase extends DatabaseTemplate {
  /** A file with the data of its server, from which other servers can start. Absent if the server can't be copied. */
  readonly data?: string | undefined;
}

/** The parts of a lab that are needed to prepare its database. */
interface Parts {
  readonly postgres: Postgres;
  readonly fakes: Fakes;
  readonly reaper: Reaper;
}

export interface PrepareOptions {
  readonly contract: Contract;
  readonly profile: string;
  /** Called with each step when it begins. */
  readonly step?: ((text: string) => void) | undefined;
  /** Called with the time that all steps took. */
  readonly note?: ((text: string) => void) | undefined;
  /** Ends the command of `database.migrate` if it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** One step: a name for display, the contract's field, and what it does. */
interface Step {
  readonly name: string;
  readonly field: string;
  act(database: Database): Promise<void>;
}

/** URLs at which nothing listens, for settings that `migrate` does not use. */
const NOWHERE = 'http://127.0.0.1:9';

/**
 * Creates a database and fills it as `database` in the contract says. Disposing of it removes the database.
 *
 * @throws ProofloadError DATABASE_NOT_PREPARED with the whole error of the step that failed
 * @throws The abort reason from `signal`
 */
export async function prepareDatabase(
  parts: Parts,
  described: NonNullable<Contract['database']>,
  options: PrepareOptions,
): Promise<PreparedDatabase & AsyncDisposable> {
  const { step, note, signal } = options;
  const { postgres } = parts;
  await using resources = new AsyncDisposableStack();
  const database = resources.use(await createDatabase(postgres.adminUrl));
  const began = now();
  const took: string[] = [];
  for (const { name, field, act } of await stepsOf(described, parts, options)) {
    const stepBegan = now();
    step?.(`preparing the database: ${name}`);
    await act(database).catch((error) => {
      signal?.throwIfAborted();
      throw notPrepared(`database.${field}: ${messageOf(error)}`, error);
    });
    took.push(`${name} ${inSeconds(stepBegan)}`);
  }
  if (await isEmpty(database.adminUrl)) throw notPrepared(EMPTY);
  await closeTemplate(postgres.adminUrl, database.role);
  const data = await postgres.copy?.();
  const more = postgres.copy || !postgres.server ? '' : '; each further server of the lab is prepared in the same way';
  note?.(`The database was prepared in ${inSeconds(began)} (${took.join(', ')})${more}.`);
  const kept = resources.move();
  const { role, password } = database;
  return { role, password, data, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

const EMPTY =
  'the steps of `database` succeeded, but the database of the lab contains no table; allowed: files and a command that ' +
  'create tables in the database ${postgres}. The command gets the settings in `environment`: is ${postgres} one of them?';

const notPrepared = (why: string, cause?: unknown) => new ProofloadError('DATABASE_NOT_PREPARED', why, { cause });

const inSeconds = (since: number): string => `${((now() - since) / 1_000).toFixed(1)} s`;

async function stepsOf(
  { schema, migrate, migrateSeconds, fixtures }: NonNullable<Contract['database']>,
  parts: Parts,
  options: PrepareOptions,
): Promise<Step[]> {
  const ofFiles = async (field: string, paths: string | readonly string[] = []): Promise<Step[]> => {
    const files = await Promise.all([paths].flat().map(sqlFilesAt)).catch((error) => {
      throw notPrepared(`database.${field}: ${messageOf(error)}`, error);
    });
    return files.flat().map((file) => ({
      name: relative('', file),
      field,
      act: ({ url }) => runSqlFile(url, file),
    }));
  };
  const command: Step[] = migrate
    ? [
        {
          name: migrate.join(' '),
          field: 'migrate',
          act: (database) => runCommand(migrate, migrateSeconds, database, parts, options),
        },
      ]
    : [];
  return [...(await ofFiles('schema', schema)), ...command, ...(await ofFiles('fixtures', fixtures))];
}

/**
 * Runs a command as the lab starts the service: in its folder or container, with its settings and files.
 *
 * @throws Error with its whole output if it fails or takes too long
 */
async function runCommand(
  command: readonly string[],
  seconds: number,
  database: Database,
  { postgres, fakes, reaper }: Parts,
  { contract: { ...contract }, profile, signal }: PrepareOptions,
): Promise<void> {
  await using resources = new AsyncDisposableStack();
  const { path: folder } = resources.use(await createServiceFolder(reaper));
  contract.start = { ...contract.start, command: [...command], workers: {} };
  const numbers = numbersOf(contract, profile);
  const target = await openTarget(
    database,
    postgres.server,
    { contract, numbers, conditions: [], beside: [], folder },
    resources,
  );
  const { files, ...launch } = launchOf(contract, numbers, [], {
    port: await freePort(),
    folder,
    postgres: target.url,
    postgresTls: target.tlsUrl ? { url: target.tlsUrl, ca: databaseCa({ folder }) } : undefined,
    upstreams: fakes.upstreams,
    ca: fakes.ca,
    proxy: fakes.proxy,
    secret: newSecret(),
    otlp: NOWHERE,
    issuer: { url: NOWHERE, jwks: NOWHERE },
    dayEndsAt: Math.ceil(now() / 1_000) * 1_000,
  });
  await writeServiceFiles(folder, files);
  const output: string[] = [];
  const program = await startProgram(launch, reaper, (line) => output.push(secrets.redact(line)));
  const abort = () => program.stop();
  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();
  const isInTime = await atMostFor(seconds * 1_000, program.exited);
  const exit = await program.stop();
  signal?.removeEventListener('abort', abort);
  if (isInTime && exit.code === 0) return;
  const how = isInTime ? `ended with ${exit.signal ?? `exit code ${exit.code}`}` : `did not end within ${seconds} s`;
  const said = output.length === 0 ? 'It printed nothing.' : `Its output:\n${output.join('\n')}`;
  const limit = isInTime ? '' : '; allow more time with `database.migrateSeconds`';
  throw new Error(`${command.join(' ')} ${how}${limit}. ${said}`);
}
