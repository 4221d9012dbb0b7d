import { setTimeout as sleep } from 'node:timers/promises';
import { upstreamFaults } from '../../../faults/kinds/index.ts';
import type { ScriptContext } from '../../contract/script-context.ts';
import type { Fakes } from '../../lab/fakes.ts';
import type { Both, Measure } from '../build-round.ts';
import { type Callee, callOne } from './call-pairs.ts';

/** A running build, its fakes, and what its contract says about its breakers. */
export interface Breakable extends Callee {
  readonly fakes: Pick<Fakes, 'pass'>;
  readonly calling: Callee['calling'] & Pick<ScriptContext, 'breakers' | 'upstreams' | 'startedByLab'>;
}

/** Each round waits for all recoveries, so slower breakers are not compared. In seconds. */
const LONGEST_SECONDS = 3;
/** How long to wait for a call that is served, as a multiple of the recovery timeout. */
const PATIENCE = 3.5;
/** How often to call meanwhile, as a fraction of the recovery timeout. */
const STEP = 1 / 200;

/** The name of a breaker, with what opens it. */
type Opened = readonly [name: string, breaker: ScriptContext['breakers'][string]];

/**
 * Opens each breaker of both builds, heals its upstream immediately, and compares how long it takes until its endpoint
 * is served again. Both builds do so at the same time, each with its own fakes.
 *
 * Only breakers that both builds have are compared, if the lab started the service, and if quick failures of an HTTP upstream open them and nothing else
 * serves their endpoint.
 */
export async function measureRecovery(builds: Both<Breakable>, signal: AbortSignal): Promise<Measure[]> {
  const others = new Set(comparable(builds.other).map(([name]) => name));
  const names = new Set(comparable(builds.own).flatMap(([name]) => (others.has(name) ? [name] : [])));
  const [own, other] = await Promise.all([builds.own, builds.other].map((build) => recover(build, names, signal)));
  if (signal.aborted) return [];
  return [...names].flatMap((of): Measure[] => {
    const [before, after] = [other?.get(of), own?.get(of)];
    return before && after ? [{ kind: 'recovery', of, other: before, own: after, ratio: after / before }] : [];
  });
}

const comparable = ({ calling: { breakers, endpoints, upstreams, startedByLab } }: Breakable): Opened[] =>
  Object.entries(breakers).filter(
    ([, { upstream, endpoint, isJudged, recoverySeconds, opening, failures }]) =>
      startedByLab &&
      isJudged &&
      recoverySeconds <= LONGEST_SECONDS &&
      opening.windowSeconds === undefined &&
      upstreams[upstream]?.protocol === 'http' &&
      quickOf(failures) !== undefined &&
      endpoints[endpoint]?.servedWithout.includes(upstream) === false,
  );

/** Returns a failure that a caller notices immediately, preferably a status, because the connection stays open. */
function quickOf(failures: Opened[1]['failures']): Opened[1]['failures'][number] | undefined {
  const quick = failures.filter(({ kind }) => upstreamFaults.get(kind)?.effect === 'fails');
  return quick.find(({ kind }) => kind === 'status') ?? quick[0];
}

/** Returns the milliseconds from the end of each outage until a call is served, by the breaker's name. */
async function recover(
  build: Breakable,
  names: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const chosen = comparable(build).filter(([name]) => names.has(name));
  const healed: (readonly [Opened, number])[] = [];
  for (const one of chosen) healed.push([one, await openAndHeal(build, one)]);
  const waits = healed.map(async ([[name, breaker], since]) => {
    const until = since + breaker.recoverySeconds * 1_000 * PATIENCE;
    const isServed = async () => (await callOne(build, breaker.endpoint, unique(name))).isServed;
    while (performance.now() < until && !signal.aborted && !(await isServed())) {
      await sleep(breaker.recoverySeconds * 1_000 * STEP);
    }
    return [name, performance.now() - since] as const;
  });
  return new Map(await Promise.all(waits));
}

/** Returns when its upstream was healed. */
async function openAndHeal(
  build: Breakable,
  [name, { upstream, endpoint, failures, opening }]: Opened,
): Promise<number> {
  const path = `/upstreams/${upstream}/faults`;
  await build.fakes.pass('post', path, quickOf(failures));
  for (let n = 1; n <= opening.failures; n += 1) await callOne(build, endpoint, unique(name));
  const since = performance.now();
  await build.fakes.pass('delete', path);
  return since;
}

let calls = 0;

function unique(name: string): string {
  calls += 1;
  return `gate-recovery-${name}-${calls}`;
}
