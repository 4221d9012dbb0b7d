import { parseFault } from '../../../faults/plan/parse-fault.ts';
import { DATABASE } from '../../contract/uses-postgres.ts';
import type { DatabaseTarget } from '../../lab/database-target.ts';
import type { Fakes } from '../../lab/fakes.ts';
import type { Builds, Measure, Side } from '../build-round.ts';
import { saturateTogether } from './call-at-once.ts';
import { compared } from './compared.ts';
import type { Breakable } from './measure-recovery.ts';

/** A running build of which the dependencies can be slowed down. */
export interface Slowable extends Breakable {
  readonly fakes: Pick<Fakes, 'pass' | 'kinds'>;
  /** Absent if it uses none. */
  readonly database: Pick<DatabaseTarget, 'plan' | 'kinds' | 'healAll'> | undefined;
}

/** By how much a dependency is slowed down, in milliseconds, and the most, as a fraction of the timeout of a call. */
const [SLOW_MS, OF_TIMEOUT] = [50, 0.1];

/**
 * Slows down each dependency in turn, and measures how long a request takes if many are in progress. They mostly wait,
 * so this shows how many can wait at the same time: the size of a pool, or a lock that is held during the call.
 *
 * Only builds that the lab started are measured, and only the endpoints that reach the dependency, if the contract says
 * which. If a fault can't be set, for example because the upstream has none of this kind, nothing is measured.
 */
export async function measureWaiting(
  builds: Builds<Slowable>,
  { endpoints, lanes, signal }: { endpoints: readonly string[]; lanes: number; signal: AbortSignal },
): Promise<Measure[]> {
  const measures: Measure[] = [];
  const own = builds.get('own');
  for (const of of own ? dependenciesOf(own) : []) {
    if (signal.aborted) break;
    const slow = new Map([...builds].filter(([, build]) => dependenciesOf(build).includes(of)));
    await using healing = new AsyncDisposableStack();
    for (const build of slow.values()) healing.defer(await slowDown(build, of));
    const perCall = await saturateTogether(slow, lanes, { endpoints: reaching(own, of, endpoints), signal });
    measures.push(...compared({ kind: 'waiting', of }, (side: Side) => perCall.get(side)));
  }
  return measures;
}

/** Returns the dependencies that can be slowed down, by name. */
function dependenciesOf({ calling, fakes, database }: Slowable): string[] {
  if (!calling.startedByLab) return [];
  const upstreams = Object.keys(calling.upstreams).filter((name) => fakes.kinds.get(name)?.has('latency'));
  return database ? [DATABASE, ...upstreams] : upstreams;
}

/** Returns the endpoints that reach a dependency, or all if the contract names none. */
function reaching(build: Slowable | undefined, dependency: string, endpoints: readonly string[]): readonly string[] {
  const named = endpoints.filter((name) => build?.calling.endpoints[name]?.reaches?.includes(dependency));
  return named.length > 0 ? named : endpoints;
}

/** Returns a function that ends it. */
async function slowDown({ calling, fakes, database }: Slowable, dependency: string): Promise<() => Promise<void>> {
  const timeouts = Object.values(calling.breakers).map(
    ({ callTimeoutSeconds = 1 }) => callTimeoutSeconds * 1_000 * OF_TIMEOUT,
  );
  const fault = { kind: 'latency', milliseconds: Math.min(SLOW_MS, ...timeouts) };
  if (dependency === DATABASE && database) {
    database.plan.add(parseFault({ ...fault, direction: 'to-client' }, database.kinds));
    return async () => void database.healAll();
  }
  const path = `/upstreams/${dependency}/faults`;
  await fakes.pass('post', path, fault);
  return async () => void (await fakes.pass('delete', path));
}
