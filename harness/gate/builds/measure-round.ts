import { Agent } from 'undici';
import { ProofloadError } from '../../base/errors.ts';
import { median } from '../../base/median.ts';
import { percentile } from '../../base/percentile.ts';
import { meansOf } from '../../client/means.ts';
import type { Contract, Numbers } from '../../contract/contract.ts';
import { scriptContext } from '../../contract/script-context.ts';
import { withUpstreamAddresses } from '../../contract/upstream-addresses.ts';
import type { Lab } from '../../lab/lab.ts';
import { ScenarioLab } from '../../lab/scenario-lab.ts';
import { processorTime } from '../../machine/processor-time.ts';
import { residentMemory } from '../../machine/resident-memory.ts';
import { clientAddress, clientPrefix } from '../../run/client-addresses.ts';
import type { Both, BuildRound, Measure } from '../build-round.ts';
import { callPairs, type Pair } from './call-pairs.ts';
import { type Breakable, measureRecovery } from './measure-recovery.ts';

/** A build to start, as its contract describes it. */
export interface Build {
  readonly contract: Contract;
  readonly numbers: Numbers;
  readonly conditions: readonly string[];
}

/** The builds and settings of a round. */
export interface RoundOptions {
  readonly builds: Both<Build>;
  readonly labs: Both<Lab>;
  /** The endpoints that are called. Both builds have them. */
  readonly endpoints: readonly string[];
  /** The folder for the logs of both builds. */
  readonly folders: Both<string>;
  readonly seed: number;
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/**
 * The most pairs for each endpoint in the warm-up, and for how long to call, in milliseconds. The service still compiles
 * code and opens connections then, so several lanes of calls at once are over sooner.
 */
const [WARM_UP, WARM_UP_MS, LANES] = [100, 2_500, 3];
/** For how long to call, in milliseconds. Processor time is counted in steps of 10 ms, so even quick calls need this. */
const MEASURED_MS = 5_000;
/** After how many milliseconds a call without a response times out. It then counts as not served. */
const PATIENCE_MS = 60_000;
/** A p99 of fewer calls would be that of a single one. */
const ENOUGH_FOR_P99 = 100;

/**
 * Restarts both builds and sends them the same calls, in pairs.
 *
 * @throws ProofloadError SERVICE_NOT_READY if this build does not start, and BUILD_NOT_READY if the other one does not
 */
export async function measureRound(options: RoundOptions): Promise<BuildRound> {
  const { endpoints, random, signal } = options;
  await using resources = new AsyncDisposableStack();
  const running = await startBoth(options, resources);
  const callees = { own: running.own.callee, other: running.other.callee };
  const calls = { random, signal };
  const warmUp = () => callPairs(callees, { ...calls, endpoints, most: WARM_UP, limitMs: WARM_UP_MS });
  const warm = await Promise.all(Array.from({ length: LANES }, warmUp));
  const isServed = (side: keyof Both<Build>, endpoint: string) => warm.some(({ served }) => served[side].has(endpoint));
  const onlyByThis = endpoints.filter((endpoint) => isServed('own', endpoint) && !isServed('other', endpoint));
  const compared = endpoints.filter((endpoint) => !onlyByThis.includes(endpoint));
  const before = await readBoth(running);
  const done = await callPairs(callees, { ...calls, endpoints: compared, limitMs: MEASURED_MS });
  const after = await readBoth(running);
  const recovered = await measureRecovery(callees, signal);
  return {
    measures: [
      ...compared.flatMap((endpoint) => latenciesOf(endpoint, done.pairs)),
      ...usedBetween(before, after, done.calls),
      ...recovered,
    ],
    calls: done.calls,
    unserved: done.unserved,
    onlyByThis,
  };
}

interface Running {
  readonly callee: Breakable;
  readonly read: () => Promise<Used>;
}

/** The resources that a build has used so far. Absent if they can't be read, for example in a container. */
interface Used {
  /** Processor time in milliseconds. */
  cpu: number | undefined;
  /** Resident memory in bytes. */
  memory: number | undefined;
  /** Requests that arrived at its upstreams. Absent if it has none. */
  upstream: number | undefined;
}

async function startBoth(options: RoundOptions, resources: AsyncDisposableStack): Promise<Both<Running>> {
  const starting = [start(options, 'own'), start(options, 'other')] as const;
  for (const result of await Promise.allSettled(starting))
    if (result.status === 'fulfilled') resources.use(result.value);
  const [own, other] = await Promise.all(starting);
  return { own, other };
}

async function start(
  { builds, labs, folders, seed, signal }: RoundOptions,
  side: keyof Both<Build>,
): Promise<Running & AsyncDisposable> {
  const { contract, numbers, conditions } = builds[side];
  const { fakes } = labs[side];
  await using resources = new AsyncDisposableStack();
  const opened = ScenarioLab.open({
    lab: labs[side],
    contract,
    numbers,
    conditions,
    folder: folders[side],
    beside: [],
    history: { add() {} },
  });
  const bench = resources.use(await (side === 'own' ? opened : opened.catch(sayWhich)));
  const { url, pids } = bench.service;
  const addresses = { services: [url], lab: { url: '', token: '' }, clientPrefix: clientPrefix(contract.client, seed) };
  const called = withUpstreamAddresses(contract, fakes.upstreams);
  const calling = scriptContext(called, numbers, addresses, bench.environment);
  const agent = new Agent({
    connections: LANES,
    headersTimeout: PATIENCE_MS,
    bodyTimeout: PATIENCE_MS,
    ...(!calling.isElsewhere && { localAddress: clientAddress(1, seed) }),
  });
  const giveUp = () => void agent.destroy();
  signal.addEventListener('abort', giveUp);
  resources.defer(() => signal.removeEventListener('abort', giveUp));
  resources.defer(() => agent.destroy());
  const started = resources.move();
  return {
    callee: {
      url,
      calling,
      fakes,
      dispatcher: agent,
      means: meansOf({ url, calling, token: (user) => bench.token(user) }),
      served: Object.fromEntries(Object.entries(contract.endpoints).map(([name, { served }]) => [name, served])),
    },
    read: async () => ({
      cpu: sumOf(pids.map(processorTime)),
      memory: sumOf(pids.map(residentMemory)),
      upstream: Object.keys(contract.upstreams).length === 0 ? undefined : await fakes.lastReceipt(),
    }),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

/** @throws The error, which names the other build if that does not start */
function sayWhich(error: unknown): never {
  if (!(error instanceof ProofloadError) || error.code !== 'SERVICE_NOT_READY') throw error;
  throw new ProofloadError('BUILD_NOT_READY', `the other build does not start: ${error.message}`, { cause: error });
}

/** Returns undefined if a figure isn't known, or if there is none. */
function sumOf(figures: readonly (number | undefined)[]): number | undefined {
  const known = figures.filter((figure) => figure !== undefined);
  return known.length === 0 || known.length < figures.length ? undefined : known.reduce((sum, figure) => sum + figure);
}

const readBoth = async ({ own, other }: Both<Running>): Promise<Both<Used>> => ({
  own: await own.read(),
  other: await other.read(),
});

/** Returns the p50 of an endpoint, and its p99 if there are enough pairs. */
function latenciesOf(endpoint: string, all: readonly Pair[]): Measure[] {
  const pairs = all.filter((pair) => pair.endpoint === endpoint);
  if (pairs.length === 0) return [];
  const [own, other] = [pairs.map((pair) => pair.own), pairs.map((pair) => pair.other)];
  const p50: Measure = {
    kind: 'p50',
    of: endpoint,
    own: median(own),
    other: median(other),
    ratio: median(pairs.map((pair) => pair.own / pair.other)),
  };
  if (pairs.length < ENOUGH_FOR_P99) return [p50];
  const tails = { own: percentile(own, 0.99), other: percentile(other, 0.99) };
  return [p50, { kind: 'p99', of: endpoint, ...tails, ratio: tails.own / tails.other }];
}

/** Returns what a call has cost. The memory is that after the last call. */
function usedBetween(before: Both<Used>, after: Both<Used>, calls: number): Measure[] {
  const spent = (side: keyof Both<Used>, kind: 'cpu' | 'upstream') => {
    const [from, to] = [before[side][kind], after[side][kind]];
    return from === undefined || to === undefined ? undefined : (to - from) / calls;
  };
  const measure = (kind: Measure['kind'], own: number | undefined, other: number | undefined): Measure[] => {
    if (own === undefined || other === undefined || calls === 0) return [];
    // No calls of upstreams at all are not a ratio: one call more or less in the whole round hardly changes it.
    const least = kind === 'upstream' ? 1 / calls : 0;
    const ratio = (own + least) / (other + least);
    return Number.isFinite(ratio) && ratio > 0 ? [{ kind, own, other, ratio }] : [];
  };
  return [
    ...measure('cpu', spent('own', 'cpu'), spent('other', 'cpu')),
    ...measure('memory', after.own.memory, after.other.memory),
    ...measure('upstream', spent('own', 'upstream'), spent('other', 'upstream')),
  ];
}
