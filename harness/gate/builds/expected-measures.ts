import { DATABASE, usesPostgres } from '../../contract/uses-postgres.ts';
import { BASELINES, type Builds } from '../build-round.ts';
import type { MeasureKind, Named } from '../measures.ts';
import type { Build } from './start-build.ts';

/** What is measured once for each build. */
const OF_BUILDS = [
  'p50 of all',
  'p99 of all',
  'cpu',
  'saturation',
  'half p50',
  'half p99',
  'refused',
  'start',
  'memory',
  'peak',
  'kept',
  'growth',
  'received',
] as const satisfies MeasureKind[];

/**
 * Returns the measures that a comparison has if everything can be measured, from the contracts alone. So those that no
 * round has are noticed.
 *
 * @param endpoints Those that this build and the other one have.
 */
export function expectedMeasures(builds: Builds<Build>, endpoints: readonly string[]): Named[] {
  const { contract, numbers } = builds.get('own') as Build;
  const upstreams = Object.keys(contract.upstreams);
  const dependencies = usesPostgres(contract) ? [DATABASE, ...upstreams] : upstreams;
  const breakers = Object.keys(numbers.breakers).filter((name) => Object.hasOwn(contract.breakers, name));
  return BASELINES.filter((than) => builds.has(than)).flatMap((than) => {
    const shared = endpoints.filter((name) => Object.hasOwn(builds.get(than)?.contract.endpoints ?? {}, name));
    const each = (kind: MeasureKind, all: readonly string[]) => all.map((of): Named => ({ kind, of, than }));
    return [
      ...OF_BUILDS.map((kind): Named => ({ kind, than })),
      ...(upstreams.length > 0 ? [{ kind: 'upstream', than } as const] : []),
      ...each('waiting', dependencies),
      ...each('connections', ['the service', ...dependencies]),
      // Those of a single endpoint are those of all endpoints.
      ...(endpoints.length > 1 ? [...each('p50', shared), ...each('p99', shared)] : []),
      ...each('recovery', breakers),
      ...each('refusal', breakers),
    ];
  });
}
