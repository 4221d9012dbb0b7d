import type { BuildRound, Builds, Side } from '../build-round.ts';
import { callPairs } from './call-pairs.ts';
import { compared, perCall } from './compared.ts';
import { latenciesOf } from './latencies.ts';
import { lanesOf, measureLoad } from './measure-load.ts';
import { measureRecovery } from './measure-recovery.ts';
import { measureWaiting } from './measure-waiting.ts';
import { shuffled } from './shuffled.ts';
import { at, type RoundOptions, type Running, startBuild, type Used } from './start-build.ts';

/**
 * The most pairs for each endpoint in the warm-up, and for how long to call, in milliseconds. The service still compiles
 * code and opens connections then, so several lanes of calls at once are over sooner.
 */
const [WARM_UP, WARM_UP_MS, LANES] = [100, 2_500, 3];
/** For how long to call, in milliseconds. Processor time is counted in steps of 10 ms, so even quick calls need this. */
const MEASURED_MS = 4_000;

/**
 * Restarts all builds and sends them the same calls: first one at a time, then many at once.
 *
 * @throws ProofloadError SERVICE_NOT_READY if this build does not start, and BUILD_NOT_READY if another one does not
 */
export async function measureRound(options: RoundOptions): Promise<BuildRound> {
  const { endpoints, random, signal } = options;
  await using resources = new AsyncDisposableStack();
  const running = await startAll(options, resources);
  const ready = await readAll(running);
  const callees = new Map([...running].map(([side, { callee }]) => [side, callee]));
  const warmUp = () => callPairs(callees, { random, signal, endpoints, most: WARM_UP, limitMs: WARM_UP_MS });
  const warm = await Promise.all(Array.from({ length: LANES }, warmUp));
  const isServed = (side: Side, endpoint: string) => warm.some(({ served }) => served.get(side)?.has(endpoint));
  const onlyByThis = endpoints.filter((endpoint) => isServed('own', endpoint) && !isServed('other', endpoint));
  const called = endpoints.filter((endpoint) => !onlyByThis.includes(endpoint));
  const lanes = lanesOf(options.builds);
  const before = await readAll(running, { live: true });
  const done = await callPairs(callees, { random, signal, endpoints: called, limitMs: MEASURED_MS });
  const after = await readAll(running);
  const connections = await connectionsSince(running, before);
  const load = await measureLoad(running, { endpoints: called, random, signal, lanes }, done);
  const loaded = await readAll(running, { live: true });
  const waiting = signal.aborted ? [] : await measureWaiting(callees, { endpoints: called, lanes, signal });
  const recovered = signal.aborted ? [] : await measureRecovery(callees, signal);
  const between = (kind: 'cpu' | 'upstream' | 'received') => (side: Side) =>
    difference(kind, before.get(side), after.get(side), done.calls);
  const sinceWarm = (kind: 'live' | 'memory') => (side: Side) =>
    difference(kind, before.get(side), loaded.get(side), done.calls + load.calls);
  return {
    measures: [
      ...called.flatMap((endpoint) => latenciesOf(endpoint, done.pairs)),
      ...compared({ kind: 'cpu' }, between('cpu')),
      ...compared({ kind: 'upstream' }, between('upstream')),
      ...compared({ kind: 'received' }, between('received')),
      ...[...new Set([...connections.values()].flatMap((counts) => [...counts.keys()]))].flatMap((of) =>
        compared({ kind: 'connections', of }, (side) => perCall(connections.get(side)?.get(of), done.calls)),
      ),
      ...load.measures,
      ...compared({ kind: 'start' }, (side) => running.get(side)?.startMs),
      ...compared({ kind: 'memory' }, (side) => ready.get(side)?.memory),
      ...compared({ kind: 'peak' }, (side) => loaded.get(side)?.memory),
      ...compared({ kind: 'kept' }, sinceWarm('live')),
      ...compared({ kind: 'growth' }, sinceWarm('memory')),
      ...waiting,
      ...recovered,
    ],
    calls: done.calls,
    unserved: done.unserved,
    onlyByThis,
  };
}

async function startAll(options: RoundOptions, resources: AsyncDisposableStack): Promise<Builds<Running>> {
  // The first one has a little more of the processors.
  const starting = shuffled(options.builds, options.random).map(
    async ([side]) => [side, await startBuild(options, side)] as const,
  );
  for (const result of await Promise.allSettled(starting))
    if (result.status === 'fulfilled') resources.use(result.value[1]);
  const started = new Map(await Promise.all(starting));
  return new Map([...options.builds.keys()].map((side) => [side, at(started, side)]));
}

async function readAll(running: Builds<Running>, also: { live?: boolean } = {}): Promise<Builds<Used>> {
  return new Map(await Promise.all([...running].map(async ([side, { read }]) => [side, await read(also)] as const)));
}

async function connectionsSince(running: Builds<Running>, before: Builds<Used>): Promise<Builds<Map<string, number>>> {
  const all = [...running].map(
    async ([side, build]) => [side, await build.connectionsSince(at(before, side))] as const,
  );
  return new Map(await Promise.all(all));
}

/** Returns what a call has used between two readings. */
function difference(
  kind: 'cpu' | 'memory' | 'live' | 'upstream' | 'received',
  before: Used | undefined,
  after: Used | undefined,
  calls: number,
): number | undefined {
  const [from, to] = [before?.[kind], after?.[kind]];
  return perCall(from === undefined || to === undefined ? undefined : to - from, calls);
}
