import { median } from '../../base/median.ts';
import { centerOf } from '../../base/ratios.ts';
import { BASELINES, type Builds, type Measure, type Side } from '../build-round.ts';
import { arrive, saturate } from './call-at-once.ts';
import type { Pairs } from './call-pairs.ts';
import { compared, perCall } from './compared.ts';
import { pairOf, tailOf } from './latencies.ts';
import { AT_ONCE, at, type RoundOptions, type Running } from './start-build.ts';

/** The rate at which calls arrive, as a fraction of the most that all builds can serve. */
const HALF = 0.5;

/** Measures all builds while many calls are in progress: as many as they can serve, and half as many. */
export async function measureLoad(
  running: Builds<Running>,
  options: { endpoints: readonly string[]; random: () => number; signal: AbortSignal; lanes: number },
  { pairs }: Pairs,
): Promise<{ measures: Measure[]; calls: number }> {
  const { endpoints, signal, lanes } = options;
  const callees = new Map([...running].map(([side, { callee }]) => [side, callee]));
  const usual = new Map(endpoints.map((endpoint) => [endpoint, usualOf(endpoint, pairs)]));
  if (signal.aborted || endpoints.length === 0) return { measures: [], calls: 0 };
  const full = await saturate(callees, lanes, options);
  // A comparison without this measure is INCONCLUSIVE.
  if ([...full.perCall.values()].every(({ length }) => length === 0)) return { measures: [], calls: full.calls };
  const slowest = Math.max(...[...full.perCall.values()].map(median));
  const half = await arrive(callees, (HALF * 1_000) / slowest, options);
  const latencies = new Map(
    [...half.served].map(([side, served]) => [
      side,
      served.map(({ endpoint, ms }) => ms / (usual.get(endpoint) ?? ms)),
    ]),
  );
  const calls = full.calls + half.calls;
  const over = (figureOf: (values: readonly number[]) => number) => (side: Side) => {
    const values = latencies.get(side) ?? [];
    return values.length === 0 ? undefined : figureOf(values);
  };
  return {
    measures: [
      ...BASELINES.flatMap((than) => pairOf('saturation', undefined, than, full.perCall, centerOf)),
      ...compared({ kind: 'half p50' }, over(median)),
      ...compared({ kind: 'half p99' }, over(tailOf)),
      ...compared({ kind: 'refused' }, (side) => perCall(at(full.unserved, side) + at(half.unserved, side), calls)),
    ],
    calls,
  };
}

/** Returns the p50 of an endpoint in all builds together, with nothing else to do. */
const usualOf = (endpoint: string, pairs: Pairs['pairs']): number =>
  median(pairs.filter((pair) => pair.endpoint === endpoint).flatMap(({ ms }) => [...ms.values()]));

/** Returns how many calls may be sent at once, without more waiting for the connection pool than may wait there. */
export function lanesOf(builds: RoundOptions['builds']): number {
  const rooms = [...builds.values()].map(({ numbers: { pool } }) =>
    pool ? pool.max + (pool.queueMax ?? AT_ONCE) : AT_ONCE,
  );
  return Math.max(1, Math.min(AT_ONCE, ...rooms));
}
