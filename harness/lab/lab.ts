import { maxHeaderSize } from 'node:http';
import { ProofloadError } from '../base/errors.ts';
import type { Contract } from '../contract/contract.ts';
import { KEY_IN_PATH } from '../contract/schema/tools.ts';
import { usesPostgres } from '../contract/uses-postgres.ts';
import { Reaper } from '../process/reaper.ts';
import { Fakes } from './fakes.ts';
import { startPostgres } from './postgres/postgres.ts';
import { checkPostgresChoice } from './postgres/postgres-choice.ts';
import type { Postgres } from './postgres/running-postgres.ts';
import { type PreparedDatabase, type PrepareOptions, prepareDatabase } from './prepare-database.ts';

/**
 * The parts that all scenarios in a run share: PostgreSQL, the fakes, and the reaper, which cleans up after a crash.
 */
export interface Lab extends AsyncDisposable {
  reaper: Reaper;
  /** Absent if the contract doesn't use it. */
  postgres?: Postgres | undefined;
  fakes: Fakes;
  /** Absent if the contract does not describe how the database gets its tables. */
  prepared?: PreparedDatabase | undefined;
}

export interface LabOptions extends PrepareOptions {
  /** See `startPostgres`. */
  postgres: string;
  /** Decides which upstreams are started, and whether PostgreSQL is. */
  contract: Contract;
  /** The database of another lab of the same run. If its data can be copied, the steps don't run again. */
  prepared?: PreparedDatabase | undefined;
}

/**
 * Starts a lab. The fakes and, if the contract uses it, PostgreSQL start in parallel. Then the database is prepared.
 *
 * @throws ProofloadError POSTGRES_FAILED, FAKES_FAILED, DATABASE_NOT_PREPARED or USAGE. Parts that have already been started are stopped
 * again.
 */
export async function startLab(options: LabOptions): Promise<Lab> {
  const { postgres, contract, prepared } = options;
  checkPostgresChoice(postgres);
  checkHeaderSize();
  await using resources = new AsyncDisposableStack();
  const reaper = resources.use(new Reaper());
  const starting = [
    usesPostgres(contract) ? startPostgres(postgres, reaper, prepared?.data) : undefined,
    Fakes.start(contract.upstreams, keyHeadersOf(contract), reaper),
  ] as const;
  for (const part of await Promise.allSettled(starting)) if (part.status === 'fulfilled') resources.use(part.value);
  const [server, fakes] = await Promise.all(starting);
  const { database } = contract;
  const own =
    server && database && prepared?.data === undefined
      ? resources.use(await prepareDatabase({ postgres: server, fakes, reaper }, database, options))
      : undefined;
  const all = resources.move();
  return {
    reaper,
    postgres: server,
    fakes,
    prepared: own ?? prepared,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Returns the headers with idempotency keys, by upstream. */
const keyHeadersOf = ({ tools = {} }: Contract): Record<string, string> =>
  Object.fromEntries(
    Object.values(tools).flatMap(({ upstream, key }) =>
      upstream === undefined || key === undefined || key === KEY_IN_PATH ? [] : [[upstream, key]],
    ),
  );

/** Size of the headers that the lab's own requests may have, in bytes. */
const HEADER_BYTES = 8_192;

/** @throws ProofloadError USAGE if Node refuses the headers of usual requests */
function checkHeaderSize(): void {
  if (maxHeaderSize >= HEADER_BYTES) return;
  const setting = `--max-http-header-size=${maxHeaderSize} (NODE_OPTIONS)`;
  throw new ProofloadError('USAGE', `${setting} is too small for the lab's requests; allowed: ${HEADER_BYTES} or more`);
}

/**
 * Starts several labs in parallel. If the contract describes the database, the first one prepares it for the others. If
 * one of them fails, the others are stopped again. Disposing of them stops all in parallel, and may be done more than
 * once.
 */
export async function startLabs(count: number, options: LabOptions): Promise<Lab[] & AsyncDisposable> {
  const first = startLab(options);
  const { prepared } = options.contract.database ? await first : {};
  const others = Array.from({ length: count - 1 }, () => startLab({ ...options, prepared }));
  const starting = [first, ...others];
  const labs = (await Promise.allSettled(starting)).flatMap((lab) => (lab.status === 'fulfilled' ? [lab.value] : []));
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= stopLabs(labs);
    return stopping;
  };
  if (labs.length < count) await stop();
  await Promise.all(starting);
  return Object.assign(labs, { [Symbol.asyncDispose]: stop });
}

/** @throws The first error, when all labs have stopped or failed to. */
export async function stopLabs(labs: readonly Lab[]): Promise<void> {
  const stopped = await Promise.allSettled(labs.map((lab) => lab[Symbol.asyncDispose]()));
  for (const result of stopped) if (result.status === 'rejected') throw result.reason;
}
