import { oneOfEachKind } from '../../mocks/declared-upstream.ts';
import type { Contract } from './contract.ts';
import { missing, type Problem } from './dangling-names.ts';
import { DATABASE, usesPostgres } from './uses-postgres.ts';

/** Finds upstreams that are used but not declared, and breakers whose endpoint can't show their state. */
export function unreachableUpstreams(contract: Contract): Problem[] {
  const { endpoints, breakers, start } = contract;
  // A service that is already running has its own upstreams, and its breakers are not judged.
  if (start.running) return [];
  const upstreams = usesPostgres(contract) ? { ...contract.upstreams, [DATABASE]: {} } : contract.upstreams;
  return [
    ...Object.entries(endpoints).flatMap(([name, { reaches, servedWithout }]) => [
      ...reaches.flatMap((upstream, index) => undeclared(['endpoints', name, 'reaches', index], upstream, upstreams)),
      ...servedWithout.flatMap((upstream, index) =>
        reaches.includes(upstream)
          ? []
          : [{ path: ['endpoints', name, 'servedWithout', index], message: `it does not reach "${upstream}"` }],
      ),
    ]),
    ...Object.entries(breakers).flatMap(([name, { upstream, endpoint }]) => [
      ...undeclared(['breakers', name, 'upstream'], upstream, upstreams),
      ...guardedBefore(['breakers', name, 'endpoint'], { upstream, endpoint }, { endpoints, breakers }),
    ]),
  ];
}

/**
 * Returns a problem if an upstream is not declared, otherwise an empty list. If the name is a known kind of upstream,
 * the message suggests a declaration.
 */
export function undeclared(path: readonly PropertyKey[], name: string, upstreams: object): Problem[] {
  const problems = missing(path, name, upstreams);
  if (!Object.hasOwn(oneOfEachKind, name)) return problems;
  const declaration = `declare it: upstreams: { ${name}: { kind: ${name} } }`;
  return problems.map((problem) => ({ ...problem, message: `${problem.message}; ${declaration}` }));
}

/**
 * Returns the problem with a breaker's endpoint, if any: either it does not call the upstream, or it first calls
 * another upstream that also has a breaker.
 */
function guardedBefore(
  path: readonly PropertyKey[],
  { upstream, endpoint }: { upstream: string; endpoint: string },
  { endpoints, breakers }: Pick<Contract, 'endpoints' | 'breakers'>,
): Problem[] {
  const reaches = endpoints[endpoint]?.reaches;
  if (reaches === undefined) return [];
  if (!reaches.includes(upstream)) return [{ path, message: `"${endpoint}" does not reach ${upstream}` }];
  const before = reaches.slice(0, reaches.indexOf(upstream));
  const guarded = before.find((one) => Object.values(breakers).some((breaker) => breaker.upstream === one));
  if (guarded === undefined) return [];
  return [{ path, message: `"${endpoint}" reaches ${guarded} before ${upstream}, and that has a breaker as well` }];
}
