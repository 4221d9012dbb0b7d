import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../../base/median.ts';
import type { ScriptContext } from '../../contract/script-context.ts';
import type { Fakes } from '../../lab/fakes.ts';
import type { Builds, Measure } from '../build-round.ts';
import { type Callee, callOne } from './call-pairs.ts';
import { compared } from './compared.ts';

/** A running build, its fakes, and what its contract says about its breakers. */
export interface Breakable extends Callee {
  readonly fakes: Pick<Fakes, 'pass'>;
  readonly calling: Callee['calling'] & Pick<ScriptContext, 'breakers' | 'faultEffects' | 'upstreams' | 'startedByLab'>;
}

/** Each round waits for all recoveries, so slower breakers are not compared. In seconds. */
const LONGEST_SECONDS = 3;
/** How long to wait for a call that is served, as a multiple of the recovery timeout. */
const PATIENCE = 3.5;
/** Interval between calls until then, as a fraction of the recovery timeout. */
const STEP = 1 / 200;

type Breaker = ScriptContext['breakers'][string];

/** How a breaker recovered, in milliseconds: how long it took, and the median duration of a refusal until then. */
interface Recovery {
  readonly recovery: number;
  readonly refusal: number;
}

/**
 * Opens each breaker of all builds, heals its upstream immediately, and compares how long it takes until its endpoint
 * is served again, and how long calls take until then. All builds do so at the same time, each with its own fakes.
 *
 * Only breakers that a build shares with this one are compared, and only if the lab started the service, quick failures
 * of an HTTP upstream open the breaker, and nothing else serves its endpoint.
 */
export async function measureRecovery(builds: Builds<Breakable>, signal: AbortSignal): Promise<Measure[]> {
  const own = comparable(builds.get('own') as Breakable);
  const waits = await Promise.all(
    [...builds].map(async ([side, build]) => {
      const breakers = new Map([...comparable(build)].filter(([name]) => own.has(name)));
      return [side, await recoverAll(build, breakers, signal)] as const;
    }),
  );
  if (signal.aborted) return [];
  const of = new Map(waits);
  return (['recovery', 'refusal'] as const).flatMap((kind) =>
    [...own.keys()].flatMap((name) => compared({ kind, of: name }, (side) => of.get(side)?.get(name)?.[kind])),
  );
}

/** Returns the breakers that can be compared, by name. */
function comparable({ calling }: Breakable): Map<string, Breaker> {
  const { breakers, endpoints, upstreams, startedByLab } = calling;
  const isComparable = ({ upstream, endpoint, isJudged, recoverySeconds, opening, failures }: Breaker) =>
    startedByLab &&
    isJudged &&
    recoverySeconds <= LONGEST_SECONDS &&
    opening.windowSeconds === undefined &&
    upstreams[upstream]?.protocol === 'http' &&
    quickFailures(failures, calling).length > 0 &&
    endpoints[endpoint]?.servedWithout.includes(upstream) === false;
  return new Map(Object.entries(breakers).filter(([, breaker]) => isComparable(breaker)));
}

/** Returns the faults that fail a call at once, also if its response is no stream. */
const quickFailures = (failures: Breaker['failures'], { faultEffects }: Breakable['calling']): Breaker['failures'] =>
  failures.filter(({ kind }) => faultEffects[kind] === 'fails');

/**
 * Returns how each breaker recovered from the end of its outage until a call was served, by the breaker's name. A
 * breaker that serves the first call was not open, so it is left out.
 */
async function recoverAll(
  build: Breakable,
  breakers: ReadonlyMap<string, Breaker>,
  signal: AbortSignal,
): Promise<Map<string, Recovery>> {
  const healed: (readonly [name: string, breaker: Breaker, since: number])[] = [];
  for (const [name, breaker] of breakers) healed.push([name, breaker, await openAndHeal(build, breaker)]);
  const waits = healed.map(async ([name, { endpoint, recoverySeconds }, since]) => {
    const until = since + recoverySeconds * 1_000 * PATIENCE;
    const refusals: number[] = [];
    while (performance.now() < until && !signal.aborted) {
      const { ms, isServed } = await callOne(build, endpoint);
      if (isServed) break;
      refusals.push(ms);
      await sleep(recoverySeconds * 1_000 * STEP);
    }
    const recovery = performance.now() - since;
    return refusals.length > 0 ? [[name, { recovery, refusal: median(refusals) }] as const] : [];
  });
  return new Map((await Promise.all(waits)).flat());
}

/** Returns when its upstream was healed. */
async function openAndHeal(build: Breakable, { upstream, endpoint, failures, opening }: Breaker): Promise<number> {
  const path = `/upstreams/${upstream}/faults`;
  const quick = quickFailures(failures, build.calling);
  // After a status, the connection stays open.
  await build.fakes.pass('post', path, quick.find(({ kind }) => kind === 'status') ?? quick[0]);
  for (let n = 1; n <= opening.failures; n += 1) await callOne(build, endpoint);
  const since = performance.now();
  await build.fakes.pass('delete', path);
  return since;
}
