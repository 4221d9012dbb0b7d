import type { Contract } from './contract.ts';
import { keySettingOf } from './schema/authentication.ts';

/** A problem in a contract, with its location. */
export interface Problem {
  path: readonly PropertyKey[];
  message: string;
}

/** Finds names that refer to missing parts of the contract. */
export function danglingNames({
  environment,
  authentication,
  endpoints,
  health,
  breakers,
  pool,
  ledger,
  termination,
  cpu,
  memory,
  capacity,
  profiles,
}: Contract): Problem[] {
  const keySetting = keySettingOf(authentication);
  return [
    ...(keySetting === undefined ? [] : missing(['authentication', 'keySetting'], keySetting, environment)),
    ...(authentication?.kind === 'login'
      ? missing(['authentication', 'endpoint'], authentication.endpoint, endpoints)
      : []),
    ...(health === undefined ? [] : missing(['health'], health, endpoints)),
    ...Object.entries(breakers).flatMap(([name, { endpoint, openings, untouched }]) => [
      ...missing(['breakers', name, 'endpoint'], endpoint, endpoints),
      ...untouched.flatMap((one) => missing(['breakers', name, 'untouched'], one, endpoints)),
      ...(openings ? missing(['breakers', name, 'openings', 'endpoint'], openings.endpoint, endpoints) : []),
    ]),
    ...(ledger ? missing(['ledger', 'endpoint'], ledger.endpoint, endpoints) : []),
    ...(termination?.ready === undefined ? [] : missing(['termination', 'ready'], termination.ready, endpoints)),
    ...(termination?.streams !== undefined && Object.values(endpoints).every(({ stream }) => stream === undefined)
      ? [{ path: ['termination', 'streams'], message: 'no endpoint promises a stream; add `stream` to one' }]
      : []),
    ...(capacity ? missing(['capacity', 'endpoint'], capacity.endpoint, endpoints) : []),
    ...(cpu ? missing(['cpu', 'endpoint'], cpu.endpoint, endpoints) : []),
    ...(memory ? missing(['memory', 'endpoint'], memory.endpoint, endpoints) : []),
    ...(pool ? missing(['pool', 'endpoint'], pool.endpoint, endpoints) : []),
    ...Object.entries(profiles).flatMap(([profile, { limits, requestsInProgress, breakers: counted, pool: size }]) => [
      ...Object.entries(limits).flatMap(([name, { sharedWith }]) => [
        ...missing(['profiles', profile, 'limits', name], name, endpoints),
        ...sharedWith.flatMap((other) => missing(['profiles', profile, 'limits', name, 'sharedWith'], other, limits)),
      ]),
      ...Object.keys(requestsInProgress).flatMap((name) =>
        missing(['profiles', profile, 'requestsInProgress', name], name, endpoints),
      ),
      ...Object.keys(counted).flatMap((name) => missing(['profiles', profile, 'breakers', name], name, breakers)),
      ...(size && !pool
        ? [{ path: ['profiles', profile, 'pool'], message: 'the contract does not describe the pool; add `pool`' }]
        : []),
    ]),
  ];
}

/** Returns a problem if the name is unknown, otherwise an empty list. */
export function missing(path: readonly PropertyKey[], name: string, known: object): Problem[] {
  if (Object.hasOwn(known, name)) return [];
  const names = Object.keys(known);
  const more = names.length > SHOWN ? `, and ${names.length - SHOWN} more` : '';
  return [{ path, message: `there is no "${name}"; there are ${names.slice(0, SHOWN).join(', ') || 'none'}${more}` }];
}

/** Maximum number of known names to list. */
const SHOWN = 20;
