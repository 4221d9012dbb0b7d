import type { ScriptContext } from '../../harness/contract/script-context.ts';

/** A breaker of the service: its description in the contract, and its numbers. Times are in seconds. */
export type Breaker = ScriptContext['breakers'][string];

/** A fault of an upstream or of the database: its kind, and the fields of that kind (docs/faults.md). */
export type Fault = Breaker['failures'][number];

/** The context of this run. */
export const context = JSON.parse(__ENV.PROOFLOAD as string) as ScriptContext;

/** Thrown in a script's init stage, it says that the contract lacks what the scenario is about: so it is skipped. */
class NotPromised extends Error {
  override readonly name = 'NotPromised';
}

/** A part of the contract that a script can't do without. */
export function promised<Value>(part: Value | undefined, what: string): Value {
  if (part === undefined) throw new NotPromised(`the contract describes no ${what}`);
  return part;
}

/** An entry of the context that a script can't do without. */
export function find<Value>(entries: Record<string, Value>, name: string): Value {
  const found = entries[name];
  if (found !== undefined) return found;
  throw new NotPromised(`the contract has no "${name}"; it has ${Object.keys(entries).join(', ') || 'none'}`);
}

/** The names of all breakers; a scenario about breakers can't do without any. */
export function breakerNames(): string[] {
  const names = Object.keys(context.breakers);
  promised(names[0], 'breaker in this profile');
  return names;
}

/** A breaker that a script can't do without, by its name. */
export function findBreaker(name: string): Breaker {
  const names = breakerNames();
  return promised(context.breakers[name], `breaker "${name}" in this profile; it has ${names.join(', ')}`);
}

/** The names of all limits; a scenario about limits can't do without any. */
export function limitNames(): string[] {
  const names = Object.keys(context.limits);
  promised(names[0], 'limit in this profile');
  return names;
}

/** The endpoints that an upstream fails: they reach it, and are not served without it. */
export const failedBy = (upstream: string): string[] =>
  Object.entries(context.endpoints)
    .filter(([, { reaches, servedWithout }]) => reaches.includes(upstream) && !servedWithout.includes(upstream))
    .map(([name]) => name);

/** Kinds of certificates that must be refused; a scenario about impostors can't do without any. */
export function refusedCertificates(): string[] {
  const { refused } = context.tls;
  promised(refused[0], 'certificate that has to be refused (tls.refused)');
  return refused;
}

/** Every endpoint with each upstream that it reaches; a scenario about upstreams can't do without any. */
export function pathsToUpstreams(): { endpoint: string; upstream: string }[] {
  const paths = Object.entries(context.endpoints).flatMap(([endpoint, { reaches }]) =>
    reaches.map((upstream) => ({ endpoint, upstream })),
  );
  promised(paths[0], 'endpoint that reaches an upstream');
  return paths;
}
