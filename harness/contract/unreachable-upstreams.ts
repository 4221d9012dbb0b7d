import type { Providers } from '../../faults/fakes/provider.ts';
import { providers } from '../../mocks/providers.ts';
import type { Contract } from './contract.ts';
import { missing, type Problem } from './dangling-names.ts';

/** Upstreams that the lab has no fakes of, and breakers whose own endpoint would not tell of them. */
export function unreachableUpstreams(
  { endpoints, breakers, start }: Contract,
  fakes: Providers = providers,
): Problem[] {
  // Of a service that runs already the upstreams are its own, and no breaker is judged.
  if (start.running) return [];
  return [
    ...Object.entries(endpoints).flatMap(([name, { reaches, servedWithout }]) => [
      ...reaches.flatMap((upstream, index) => missing(['endpoints', name, 'reaches', index], upstream, fakes)),
      ...servedWithout.flatMap((upstream, index) =>
        reaches.includes(upstream)
          ? []
          : [{ path: ['endpoints', name, 'servedWithout', index], message: `it does not reach "${upstream}"` }],
      ),
    ]),
    ...Object.entries(breakers).flatMap(([name, { upstream, endpoint }]) => [
      ...missing(['breakers', name, 'upstream'], upstream, fakes),
      ...guardedBefore(['breakers', name, 'endpoint'], { upstream, endpoint }, { endpoints, breakers }),
    ]),
  ];
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
