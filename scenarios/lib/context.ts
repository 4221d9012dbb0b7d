import type { Stream } from '../../harness/contract/schema/stream.ts';
import type { ScriptContext } from '../../harness/contract/script-context.ts';
import { isWorking } from './working.ts';

/** One of the service's breakers: its name, its contract entry, and its numbers. Times are in seconds. */
export type Breaker = ScriptContext['breakers'][string] & { name: string };

/** A fault for an upstream or the database: its kind and the fields for that kind (see docs/faults.md). */
export type Fault = Breaker['failures'][number];

/** The context of this run. */
export const context = readContext();

function readContext(): ScriptContext {
  if (__ENV.PROOFLOAD !== undefined) return JSON.parse(__ENV.PROOFLOAD) as ScriptContext;
  throw new Error('a scenario of proofload needs a lab: run it by its name (proofload run NAME), not by its path');
}

/**
 * Thrown in a script's init stage if the contract lacks something that the scenario needs. The scenario is then
 * skipped.
 */
class NotPromised extends Error {
  override readonly name = 'NotPromised';
}

/** Thrown instead if the contract promises it, but it can't be seen. */
class NotSeen extends Error {
  override readonly name = 'NotSeen';
}

/** Returns a required part of the contract, or skips the scenario if it is undefined. */
export function promised<Value>(part: Value | undefined, what: string): Value {
  if (part === undefined) throw new NotPromised(`the contract describes no ${what}`);
  return part;
}

/** Skips the scenario if the service runs on another machine, where something that it needs is not known. */
export function skipElsewhere(why: string): void {
  if (context.isElsewhere) throw new NotSeen(`the service is on another machine: ${why}`);
}

/** Returns a required entry from the context, or skips the scenario if there is none with this name. */
export function find<Value>(entries: Record<string, Value>, name: string): Value {
  if (Object.hasOwn(entries, name)) return entries[name] as Value;
  throw new NotPromised(`the contract has no "${name}"; it has ${Object.keys(entries).join(', ') || 'none'}`);
}

/** Returns all breakers in this profile, which may be none. */
export const describedBreakers = (): Breaker[] =>
  Object.entries(context.breakers).map(([name, breaker]) => ({ name, ...breaker }));

const ONCE = 'with a failure that is never repeated (upstreams.NAME.calls.never), such as body';
const UNSEEN = 'because its file does not say how a client sees it (`seen`)';
const NEEDED = 'whose endpoint fails without its upstream (fallback, servedWithout)';

/**
 * Returns the property that a breaker lacks to be judged, if any. Scenarios count the failures of a breaker by the
 * requests that arrive, so there must be failures after which the service doesn't repeat a request. They see that it is
 * open if calls are rejected, so something else must not serve them.
 */
function lackingOf(breaker: Breaker, mayRepeat = false): string | undefined {
  const { isJudged, unseen, upstream, endpoint } = breaker;
  if (!isJudged && !(mayRepeat && isCountedByRepeats(breaker)))
    return unseen.length === 0 ? ONCE : `${ONCE}: ${unseen.join(', ')} may be repeated, ${UNSEEN}`;
  return isServedWithout(endpoint, upstream) ? NEEDED : undefined;
}

/**
 * Whether a breaker of calls that are always repeated can be judged by counting: the calls until it opens, each with all
 * of its attempts. A window may expire during the retries.
 */
const isCountedByRepeats = ({ repeated, opening }: Breaker): boolean =>
  opening.alone === undefined && repeated.some(({ kind }) => context.quickFaults.includes(kind));

/** Whether an endpoint is served while an upstream fails, for example by another upstream. */
export const isServedWithout = (endpoint: string, upstream: string): boolean =>
  context.endpoints[endpoint]?.servedWithout.includes(upstream) === true;

/**
 * Returns all breakers that can be judged, or skips the scenario if there are none.
 *
 * @param mayRepeat Whether all of their failures may be repeated.
 */
export function allBreakers(mayRepeat = false): Breaker[] {
  const breakers = describedBreakers();
  const [first] = breakers;
  promised(first, 'breaker in this profile');
  const judged = breakers.filter((breaker) => lackingOf(breaker, mayRepeat) === undefined);
  promised(judged[0], `breaker ${first && lackingOf(first, mayRepeat)}`);
  return judged;
}

/** Whether an upstream is an HTTP server. */
export const isHttp = (upstream: string): boolean => context.upstreams[upstream]?.protocol === 'http';

/** Returns all breakers in front of an HTTP upstream, or skips the scenario if there are none. */
export function httpBreakers(): Breaker[] {
  const breakers = allBreakers().filter(({ upstream }) => isHttp(upstream));
  promised(breakers[0], 'breaker of an HTTP upstream in this profile');
  return breakers;
}

/**
 * The conditions under which no breaker hides how the pool reacts: the service runs without its breakers if one of them
 * is in front of the database.
 */
export const POOL_ALONE: string[] = Object.values(context.breakers).some(({ upstream }) => upstream === 'database')
  ? ['no-breakers']
  : [];

/**
 * Returns the breaker under test. Skips the scenario if the contract has no such breaker, or no numbers for it in this
 * profile.
 *
 * @param mayRepeat Whether all of its failures may be repeated.
 */
export function breakerUnderTest(mayRepeat = false): Breaker {
  const breakers = allBreakers(mayRepeat);
  const found = breakers.find(({ name }) => name === context.breaker);
  const others = breakers.map(({ name }) => name).join(', ');
  const wanted = describedBreakers().find(({ name }) => name === context.breaker);
  const lacking = wanted ? lackingOf(wanted, mayRepeat) : 'in this profile';
  return promised(found, `breaker "${context.breaker}" ${lacking}; it has ${others}`);
}

/** Returns the names of all limits, or skips the scenario if there are none. */
export function limitNames(): string[] {
  const names = Object.keys(context.limits);
  promised(names[0], 'limit in this profile');
  if (['clock', 'weighted'].includes(context.limiter.window)) skipElsewhere('its windows follow its own clock');
  return names;
}

/** Whether two limits count the same requests. */
export const shareCounter = (a: string, b: string): boolean =>
  find(context.limits, a).sharedWith.includes(b) || find(context.limits, b).sharedWith.includes(a);

/**
 * Returns the given number of clients, which the service must be able to distinguish. Skips the scenario if the
 * contract has too few keys or users. Also skips it if the service was already running, because the service remembers
 * their requests from other scenarios, or if it runs on another machine and identifies clients by their address.
 */
export function distinctClients(clients: number): number {
  const { client, authentication } = context;
  if (client === 'socket') skipElsewhere('it sees all clients at one address');
  if (client !== 'key' && client !== 'user') return clients;
  const { credentials = [] } = authentication ?? {};
  const keySetting = authentication && 'keySetting' in authentication ? authentication.keySetting : '';
  const known = new Set(credentials.flatMap(({ key, user }) => (client === 'key' ? [key] : (user ?? [])))).size;
  const isRemembered = known > 0 && !context.startedByLab;
  promised(
    isRemembered ? undefined : true,
    `new clients for each scenario: ${keySetting} of a running service is fixed`,
  );
  // If any user can have a token, there are as many as needed.
  const isEnough = known >= clients || (client === 'user' && known === 0);
  const generated = client === 'key' ? '${keys}' : '${users}';
  promised(
    isEnough || undefined,
    `${clients} clients: ${keySetting} holds ${known} of them (${generated} generates as many as needed)`,
  );
  return clients;
}

/** Returns the endpoints that call an upstream, without those that `steady` has found broken. */
export const reaching = (upstream: string): string[] =>
  Object.keys(context.endpoints)
    .filter(isWorking)
    .filter((name) => find(context.endpoints, name).reaches.includes(upstream));

/** Returns the endpoints that fail without an upstream: they call it and can't be served without it. */
export const failedBy = (upstream: string): string[] =>
  reaching(upstream).filter((name) => !isServedWithout(name, upstream));

/** Returns the kinds of certificates that must be rejected, or skips the scenario if there are none. */
export function refusedCertificates(): string[] {
  const { refused } = context.tls;
  promised(refused[0], 'certificate that has to be refused (tls.refused)');
  return refused;
}

/**
 * Returns the endpoint that is always served, regardless of other failures, or an empty list if the contract has none
 * or `steady` has found it broken.
 */
export const healthEndpoints = (): string[] => (context.health === undefined ? [] : [context.health]).filter(isWorking);

/** An endpoint, and an upstream that it reaches. */
export interface Path {
  readonly endpoint: string;
  readonly upstream: string;
}

/** Returns every endpoint with each HTTP upstream that it reaches, which may be none. */
export const httpPaths = (): Path[] =>
  Object.entries(context.endpoints).flatMap(([endpoint, { reaches }]) =>
    [...new Set(reaches)].filter(isHttp).map((upstream) => ({ endpoint, upstream })),
  );

/** Returns every endpoint with each HTTP upstream that it reaches. Skips the scenario if there are none. */
export function pathsToUpstreams(): Path[] {
  const paths = httpPaths();
  promised(paths[0], 'endpoint that reaches an HTTP upstream');
  return paths;
}

/** An endpoint that promises a stream, and an upstream that it reaches. */
export interface StreamedPath extends Path {
  readonly stream: Stream;
}

/** Returns every endpoint that promises a stream with each HTTP upstream that it reaches. */
export const streamedPaths = (): StreamedPath[] =>
  httpPaths().flatMap((path) => {
    const { stream } = find(context.endpoints, path.endpoint);
    return stream ? [{ ...path, stream }] : [];
  });

/** Returns the paths to upstreams that are called over HTTPS, or skips the scenario if there are none. */
export function pathsOverTls(): Path[] {
  const paths = pathsToUpstreams().filter(({ upstream }) => context.upstreams[upstream]?.tls);
  promised(paths[0], 'endpoint that reaches an upstream over HTTPS');
  return paths;
}
