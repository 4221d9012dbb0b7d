import type { Contract } from '../contract.ts';

/** What is wrong with one part of a contract. */
export interface Problem {
  path: readonly PropertyKey[];
  message: string;
}

/** The upstreams that the lab has fakes of. */
const UPSTREAMS = { groq: true, mem0: true };

/** Names in one part of a contract that another part does not define. */
export function danglingNames({
  environment,
  authentication,
  endpoints,
  health,
  breakers,
  pool,
  ledger,
  cpu,
  memory,
  capacity,
  profiles,
}: Contract): Problem[] {
  return [
    ...(authentication ? missing(['authentication', 'keySetting'], authentication.keySetting, environment) : []),
    ...(health === undefined ? [] : missing(['health'], health, endpoints)),
    ...Object.entries(endpoints).flatMap(([name, { reaches, servedWithout }]) => [
      ...reaches.flatMap((upstream, index) => missing(['endpoints', name, 'reaches', index], upstream, UPSTREAMS)),
      ...servedWithout.flatMap((upstream, index) =>
        reaches.includes(upstream)
          ? []
          : [{ path: ['endpoints', name, 'servedWithout', index], message: `it does not reach "${upstream}"` }],
      ),
    ]),
    ...Object.entries(breakers).flatMap(([name, { upstream, endpoint, openings, untouched }]) => [
      ...missing(['breakers', name, 'upstream'], upstream, UPSTREAMS),
      ...missing(['breakers', name, 'endpoint'], endpoint, endpoints),
      ...reachesFirst(['breakers', name, 'endpoint'], endpoint, upstream, endpoints),
      ...untouched.flatMap((one) => missing(['breakers', name, 'untouched'], one, endpoints)),
      ...(openings ? missing(['breakers', name, 'openings', 'endpoint'], openings.endpoint, endpoints) : []),
    ]),
    ...(ledger ? missing(['ledger', 'endpoint'], ledger.endpoint, endpoints) : []),
    ...(capacity ? missing(['capacity', 'endpoint'], capacity.endpoint, endpoints) : []),
    ...(cpu ? missing(['cpu', 'endpoint'], cpu.endpoint, endpoints) : []),
    ...(memory ? missing(['memory', 'endpoint'], memory.endpoint, endpoints) : []),
    ...(pool ? missing(['pool', 'endpoint'], pool.endpoint, endpoints) : []),
    ...Object.entries(profiles).flatMap(([profile, { limits, breakers: counted, pool: size }]) => [
      ...Object.entries(limits).flatMap(([name, { sharedWith }]) => [
        ...missing(['profiles', profile, 'limits', name], name, endpoints),
        ...sharedWith.flatMap((other) => missing(['profiles', profile, 'limits', name, 'sharedWith'], other, limits)),
      ]),
      ...Object.keys(counted).flatMap((name) => missing(['profiles', profile, 'breakers', name], name, breakers)),
      ...(size && !pool
        ? [{ path: ['profiles', profile, 'pool'], message: 'the contract does not say what the pool is (pool: …)' }]
        : []),
    ]),
  ];
}

/** What is wrong with an endpoint that is to reach an upstream before any other. */
function reachesFirst(
  path: readonly PropertyKey[],
  name: string,
  upstream: string,
  endpoints: Contract['endpoints'],
): Problem[] {
  const reaches = endpoints[name]?.reaches;
  if (reaches === undefined || reaches[0] === upstream) return [];
  const first = reaches.length === 0 ? 'reaches no upstream' : `reaches ${reaches.join(', then ')}`;
  return [{ path, message: `"${name}" ${first}; a breaker's endpoint has to reach its upstream, ${upstream}, first` }];
}

function missing(path: readonly PropertyKey[], name: string, known: object): Problem[] {
  if (Object.hasOwn(known, name)) return [];
  return [{ path, message: `there is no "${name}"; there are ${Object.keys(known).join(', ') || 'none'}` }];
}
