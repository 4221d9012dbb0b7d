import { oneOfEachKind } from '../../mocks/declared-upstream.ts';
import type { Contract } from './contract.ts';
import { missing, type Problem } from './dangling-names.ts';

/** Finds upstreams that are used but not declared, and breakers whose endpoint does not show their state. */
export function unreachableUpstreams(contract: Contract): Problem[] {
  const { endpoints, breakers, start, upstreams } = contract;
  // A service that runs already has its own upstreams, and no breaker of it is judged.
  if (start.running) return [];
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
 * Returns the problem with the name of an upstream that is not declared; an empty list if it is. For the name of a kind
 * it proposes the declaration.
 */
export function undeclared(path: readonly PropertyKey[], name: string, upstreams: Contract['upstreams']): Problem[] {
  const problems = missing(path, name, upstreams);
  if (!Object.hasOwn(oneOfEachKind, name)) return problems;
  const declaration = `declare it: upstreams: { ${name}: { kind: ${name} } }`;
  return problems.map((problem) => ({ ...problem, message: `${problem.message}; ${declaration}` }));
}

/**
 * Returns the problem with the endpoint of a breaker, if there is one: it does not reach the upstream, or it first
 * reaches another upstream that also has a breaker.
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
