import type { Socket } from 'node:net';
import { join } from 'node:path';
import { Agent, buildConnector } from 'undici';
import { ProofloadError } from '../../base/errors.ts';
import { meansOf } from '../../client/means.ts';
import type { Contract, Numbers } from '../../contract/contract.ts';
import { scriptContext } from '../../contract/script-context.ts';
import { withUpstreamAddresses } from '../../contract/upstream-addresses.ts';
import { DATABASE } from '../../contract/uses-postgres.ts';
import type { Receipt } from '../../history/events.ts';
import type { Lab } from '../../lab/lab.ts';
import { ScenarioLab } from '../../lab/scenario-lab.ts';
import { processorTime } from '../../machine/processor-time.ts';
import { residentMemory } from '../../machine/resident-memory.ts';
import { clientAddress, clientPrefix } from '../../run/client-addresses.ts';
import type { Builds, Side } from '../build-round.ts';
import { liveMemory, withLiveMemory } from './live-memory.ts';
import type { Slowable } from './measure-waiting.ts';

/** A build to start, as its contract describes it. */
export interface Build {
  readonly contract: Contract;
  readonly numbers: Numbers;
  readonly conditions: readonly string[];
}

/** The builds and settings of a round. */
export interface RoundOptions {
  readonly builds: Builds<Build>;
  readonly labs: Builds<Lab>;
  /** The endpoints that are called. This build and the other one have them. */
  readonly endpoints: readonly string[];
  /** The folder for the logs of each build. */
  readonly folders: Builds<string>;
  readonly seed: number;
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/** The most calls at once. More than the usual connection pool has connections, so that a smaller pool is noticed. */
export const AT_ONCE = 32;
/** After how many milliseconds a call without a response times out. It then counts as not served. */
const PATIENCE_MS = 60_000;

/** A build that is running. */
export interface Running {
  readonly callee: Slowable;
  /** How long it took until it was ready, in milliseconds. */
  readonly startMs: number;
  readonly read: (also: { live?: boolean }) => Promise<Used>;
  /** Returns how many connections were used since a reading, by what they led to. */
  readonly connectionsSince: (before: Used) => Promise<Map<string, number>>;
}

/** The resources that a build has used so far. Absent if they can't be read, for example in a container. */
export interface Used {
  /** Processor time in milliseconds. */
  cpu: number | undefined;
  /** Resident memory in bytes. */
  memory: number | undefined;
  /** The bytes of objects that are still needed. Absent if it wasn't asked for. */
  live: number | undefined;
  /** Requests that arrived at its upstreams. Absent if it has none. */
  upstream: number | undefined;
  /** The last receipt of the database, and the connections of callers. */
  database: number;
  callers: number;
  /** The bytes that callers received. Absent before the first connection. */
  received: number | undefined;
}

/**
 * Starts a build.
 *
 * @throws ProofloadError SERVICE_NOT_READY if this build does not start, and BUILD_NOT_READY if it is another one
 */
export async function startBuild(
  { builds, labs, folders, seed, signal }: RoundOptions,
  side: Side,
): Promise<Running & AsyncDisposable> {
  const { contract: promised, numbers, conditions } = at(builds, side);
  const { fakes } = at(labs, side);
  const hooks = join(at(folders, side), 'live');
  const contract = await withLiveMemory(promised, hooks);
  await using resources = new AsyncDisposableStack();
  const began = performance.now();
  const opened = ScenarioLab.open({
    lab: at(labs, side),
    contract,
    numbers,
    conditions,
    folder: at(folders, side),
    beside: [],
    history: { add() {} },
  });
  const bench = resources.use(await (side === 'own' ? opened : opened.catch(sayWhich(side))));
  const startMs = performance.now() - began;
  const { url, pids } = bench.service;
  const addresses = { services: [url], lab: { url: '', token: '' }, clientPrefix: clientPrefix(contract.client, seed) };
  const called = withUpstreamAddresses(contract, fakes.upstreams);
  const calling = scriptContext(called, numbers, addresses, bench.environment);
  const sockets: Socket[] = [];
  const localAddress = calling.isElsewhere ? undefined : clientAddress(1, seed);
  const connect = buildConnector({ localAddress } as buildConnector.BuildOptions);
  const agent = new Agent({
    connections: 2 * AT_ONCE,
    headersTimeout: PATIENCE_MS,
    bodyTimeout: PATIENCE_MS,
    connect: (target, done) =>
      connect(target, (...opened) => {
        if (opened[1]) sockets.push(opened[1]);
        done(...opened);
      }),
  });
  const giveUp = () => void agent.destroy();
  signal.addEventListener('abort', giveUp);
  resources.defer(() => signal.removeEventListener('abort', giveUp));
  resources.defer(() => agent.destroy());
  const hasUpstreams = Object.keys(contract.upstreams).length > 0;
  const started = resources.move();
  return {
    startMs,
    callee: {
      url,
      calling,
      fakes,
      database: bench.database,
      dispatcher: agent,
      means: meansOf({ url, calling, token: (user) => bench.token(user) }),
      served: Object.fromEntries(Object.entries(contract.endpoints).map(([name, { served }]) => [name, served])),
    },
    read: async ({ live }) => ({
      cpu: sumOf(pids.map(processorTime)),
      memory: sumOf(pids.map(residentMemory)),
      live: live ? await liveMemory(hooks) : undefined,
      upstream: hasUpstreams ? await fakes.lastReceipt() : undefined,
      database: bench.database?.receipts.last ?? 0,
      callers: sockets.length,
      received: sumOf(sockets.map(({ bytesRead }) => bytesRead)),
    }),
    connectionsSince: async (before) => {
      const ofCallers = ['the service', sockets.length - before.callers] as const;
      const opened = bench.database?.receipts.after(before.database).filter(({ kind }) => kind === 'connection');
      const { receipts } = before.upstream === undefined ? { receipts: [] } : await fakes.receipts(before.upstream);
      const known = receipts.filter((receipt) => connectionOf(receipt) !== undefined);
      const used = Map.groupBy(known, ({ upstream }) => upstream);
      return new Map([
        ofCallers,
        ...(opened ? [[DATABASE, opened.length] as const] : []),
        ...[...used].map(([name, all]) => [name, new Set(all.map(connectionOf)).size] as const),
      ]);
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

/** Returns an ID of the connection on which a receipt came, or undefined if it isn't known. */
function connectionOf(receipt: Receipt): number | undefined {
  if (receipt.kind === 'connection') return receipt.seq;
  return receipt.kind === 'request' ? receipt.connection : undefined;
}

/** @returns A function that throws an error, which names the build if that does not start */
const sayWhich =
  (side: Side) =>
  (error: unknown): never => {
    if (!(error instanceof ProofloadError) || error.code !== 'SERVICE_NOT_READY') throw error;
    const which = side === 'release' ? 'the release' : 'the other build';
    throw new ProofloadError('BUILD_NOT_READY', `${which} does not start: ${error.message}`, { cause: error });
  };

/** Returns undefined if a figure isn't known, or if there is none. */
function sumOf(figures: readonly (number | undefined)[]): number | undefined {
  const known = figures.filter((figure) => figure !== undefined);
  return known.length === 0 || known.length < figures.length ? undefined : known.reduce((sum, figure) => sum + figure);
}

/** Returns the value of a build that has one. */
export const at = <Value>(builds: Builds<Value>, side: Side): Value => builds.get(side) as Value;
