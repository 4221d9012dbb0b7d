import type { z } from 'zod';
import { entryOf } from '../base/entry-of.ts';
import { promisedCallsOf } from './attempts.ts';
import { healthOf, type Numbers, type promises } from './contract.ts';
import { isHttp } from './is-http.ts';
import type { PromisePath } from './promise-path.ts';

type Contract = z.output<typeof promises>;
type JudgedNumbers = Omit<Numbers, 'environment'>;

/** The contract that is judged, and its numbers. */
interface Judged {
  readonly contract: Contract;
  readonly numbers: JudgedNumbers;
}

/** Whether a field is a promise, with the names that stand for "*" in its pattern. */
type Rule = (judged: Judged, ...names: string[]) => boolean;

/** A field is a promise if it has a meaningful value. By default, false, undefined and empty values promise nothing. */
const SAYS_SOMETHING = 'says something';

const hasLimits: Rule = ({ numbers: { limits } }) => Object.keys(limits).length > 0;
/** A breaker protects only its own upstream, which matters if there are others. */
const areApart: Rule = ({ contract: { breakers } }) =>
  new Set(Object.values(breakers).map(({ upstream }) => upstream)).size > 1;
const isOverTls: Rule = ({ contract: { upstreams } }) =>
  Object.entries(upstreams).some(([name, { tls = true }]) => tls && isHttp({ upstreams }, name));

/**
 * All promises that a contract can make. "*" stands for any name. The longest matching pattern applies. A field with a
 * default is a promise only if the contract has the part that it concerns.
 */
const PROMISES: Readonly<Record<string, typeof SAYS_SOMETHING | Rule>> = {
  'endpoints.*.served': SAYS_SOMETHING,
  'endpoints.*.authenticated': ({ contract: { authentication, endpoints } }, name) => {
    const { user, authenticated = user !== undefined } = entryOf(endpoints, name) ?? {};
    return authentication !== undefined && authenticated;
  },
  'endpoints.*.onlyOwn': SAYS_SOMETHING,
  'endpoints.*.reaches': SAYS_SOMETHING,
  'endpoints.*.servedWithout': SAYS_SOMETHING,
  'endpoints.*.relays': SAYS_SOMETHING,
  'endpoints.*.onFault.*': SAYS_SOMETHING,
  'endpoints.*.onFault.*.withinSeconds': SAYS_SOMETHING,
  'endpoints.*.cancels.withinSeconds': SAYS_SOMETHING,
  'endpoints.*.fallback': SAYS_SOMETHING,
  'endpoints.*.fallback.on': SAYS_SOMETHING,
  'endpoints.*.fallback.never': SAYS_SOMETHING,
  'endpoints.*.fallback.told': SAYS_SOMETHING,
  'endpoints.*.fallback.returnsWithinSeconds': SAYS_SOMETHING,
  'endpoints.*.finishesLater': SAYS_SOMETHING,
  'endpoints.*.finishesLater.accepted': SAYS_SOMETHING,
  'endpoints.*.finishesLater.withinSeconds': SAYS_SOMETHING,
  'endpoints.*.finishesLater.survives': SAYS_SOMETHING,
  'endpoints.*.storesNothing': SAYS_SOMETHING,
  'endpoints.*.stream': SAYS_SOMETHING,
  'endpoints.*.stream.firstEventSeconds': SAYS_SOMETHING,
  'endpoints.*.stream.stallSeconds': SAYS_SOMETHING,
  'endpoints.*.stream.relaySeconds': SAYS_SOMETHING,
  'endpoints.*.stream.unreadMegabytes': SAYS_SOMETHING,
  'endpoints.*.tools': SAYS_SOMETHING,
  'endpoints.*.rounds': SAYS_SOMETHING,
  'endpoints.*.answers.from': SAYS_SOMETHING,
  'endpoints.*.answers.as': SAYS_SOMETHING,
  'endpoints.*.answers.lineEnds': SAYS_SOMETHING,
  'endpoints.*.answers.cache.perCaller': SAYS_SOMETHING,
  'endpoints.*.answers.cache.seconds': SAYS_SOMETHING,
  health: ({ contract }) => healthOf(contract) !== undefined,
  'upstreams.*.calls.attempts': SAYS_SOMETHING,
  'upstreams.*.calls.on': SAYS_SOMETHING,
  'upstreams.*.calls.never': SAYS_SOMETHING,
  'upstreams.*.calls.retryAfter': SAYS_SOMETHING,
  'upstreams.*.calls.hints': SAYS_SOMETHING,
  'upstreams.*.calls.backoff.minSeconds': ({ contract }, name) =>
    (promisedCallsOf(contract, name).backoff?.minSeconds ?? 0) > 0,
  'upstreams.*.calls.backoff.maxSeconds': SAYS_SOMETHING,
  'upstreams.*.calls.backoff.totalSeconds': SAYS_SOMETHING,
  'upstreams.*.calls.backoff.jitter': SAYS_SOMETHING,
  'upstreams.*.calls.budgetSeconds': SAYS_SOMETHING,
  'upstreams.*.calls.timedOut': ({ contract }, name) => promisedCallsOf(contract, name).timedOut === 'ends',
  'upstreams.*.concurrency': SAYS_SOMETHING,
  'upstreams.*.queueSeconds': SAYS_SOMETHING,
  'upstreams.*.callsPerConnection': SAYS_SOMETHING,
  'upstreams.*.quota.requests': SAYS_SOMETHING,
  'upstreams.*.quota.tokens': SAYS_SOMETHING,
  'upstreams.*.quota.beyond': SAYS_SOMETHING,
  'upstreams.*.quota.obeys': SAYS_SOMETHING,
  'breakers.*.upstream': areApart,
  'breakers.*.refusal': SAYS_SOMETHING,
  'breakers.*.refusalAnswer': SAYS_SOMETHING,
  'breakers.*.retryAfter': SAYS_SOMETHING,
  'breakers.*.counts': SAYS_SOMETHING,
  'breakers.*.trials': SAYS_SOMETHING,
  'breakers.*.trialsToClose': SAYS_SOMETHING,
  'breakers.*.duringTrial': SAYS_SOMETHING,
  'breakers.*.openings': SAYS_SOMETHING,
  'breakers.*.untouched': SAYS_SOMETHING,
  'breakers.*.failures': SAYS_SOMETHING,
  'breakers.*.ignored': SAYS_SOMETHING,
  'breakers.*.harmless': SAYS_SOMETHING,
  'breakers.*.log': SAYS_SOMETHING,
  'budgets.*.max': SAYS_SOMETHING,
  // A total never begins anew.
  'budgets.*.per': ({ contract }, name) => entryOf(contract.budgets, name)?.per !== 'total',
  'budgets.*.for': SAYS_SOMETHING,
  'budgets.*.refusal': SAYS_SOMETHING,
  'budgets.*.count': SAYS_SOMETHING,
  'budgets.*.survives': SAYS_SOMETHING,
  'authentication.issuer': SAYS_SOMETHING,
  'authentication.audience': SAYS_SOMETHING,
  client: hasLimits,
  'limiter.window': hasLimits,
  'limiter.counts': SAYS_SOMETHING,
  'limiter.refusalAnswer': SAYS_SOMETHING,
  'limiter.retryAfter': SAYS_SOMETHING,
  'limiter.headers': SAYS_SOMETHING,
  'pool.refusal': SAYS_SOMETHING,
  'pool.refusalAnswer': SAYS_SOMETHING,
  'pool.retryAfter': SAYS_SOMETHING,
  'tls.refused': isOverTls,
  'tls.refusal': SAYS_SOMETHING,
  'secret.weak.*': () => true,
  'secret.strong.*': () => true,
  'secret.refusal': SAYS_SOMETHING,
  'secret.exitCode': SAYS_SOMETHING,
  secrecy: SAYS_SOMETHING,
  'refusedStarts.*': SAYS_SOMETHING,
  ledger: SAYS_SOMETHING,
  'tools.*': SAYS_SOMETHING,
  'ledger.answer': SAYS_SOMETHING,
  'termination.graceSeconds': SAYS_SOMETHING,
  'termination.inFlight': SAYS_SOMETHING,
  'termination.streams': SAYS_SOMETHING,
  // By default, no request has to be served any more.
  'termination.drainSeconds': ({ contract: { termination } }) => (termination?.drainSeconds ?? 0) > 0,
  'termination.ready': SAYS_SOMETHING,
  'termination.exitCode': SAYS_SOMETHING,
  'frozen.seconds': SAYS_SOMETHING,
  'capacity.refusal': SAYS_SOMETHING,
  'profiles.*.limits.*.max': SAYS_SOMETHING,
  'profiles.*.limits.*.windowSeconds': SAYS_SOMETHING,
  'profiles.*.limits.*.sharedWith': SAYS_SOMETHING,
  'profiles.*.limits.*.clients': SAYS_SOMETHING,
  'profiles.*.requestsInProgress.*.max': SAYS_SOMETHING,
  'profiles.*.requestsInProgress.*.refusal': SAYS_SOMETHING,
  'profiles.*.budgets.*.max': SAYS_SOMETHING,
  'profiles.*.budgets.*.per': SAYS_SOMETHING,
  'profiles.*.breakers.*.threshold': SAYS_SOMETHING,
  'profiles.*.breakers.*.opens': SAYS_SOMETHING,
  'profiles.*.breakers.*.recoverySeconds': SAYS_SOMETHING,
  'profiles.*.breakers.*.callTimeoutSeconds': SAYS_SOMETHING,
  'profiles.*.pool.max': SAYS_SOMETHING,
  'profiles.*.pool.queueMax': SAYS_SOMETHING,
  'profiles.*.pool.acquireTimeoutSeconds': SAYS_SOMETHING,
  'profiles.*.pool.queryTimeoutSeconds': SAYS_SOMETHING,
  'profiles.*.capacity.requestsPerSecond': SAYS_SOMETHING,
  'profiles.*.capacity.withinMs': SAYS_SOMETHING,
  'profiles.*.capacity.share': SAYS_SOMETHING,
};

/** Fields that promise nothing by themselves, with the reason. This includes the fields below them. */
export const NO_PROMISES: Readonly<Record<string, string>> = {
  $schema: 'it describes the file',
  name: 'it names the service',
  conditions: 'it says how the lab starts the service',
  'endpoints.*.method': 'it says how to call the endpoint',
  'endpoints.*.path': 'it says how to call the endpoint',
  'endpoints.*.user': 'it says how to call the endpoint',
  'endpoints.*.meanings': 'it says how to read responses: `served` and the refusals are promises',
  'upstreams.*.tcp': 'it says what the lab starts',
  'upstreams.*.tls': 'it says what the lab starts',
  'upstreams.*.via': 'it describes how the service reaches the upstream',
  'upstreams.*.models': 'it says what the lab starts',
  'upstreams.*.quota.per': 'it is part of `requests` and `tokens`',
  'upstreams.*.conversation': 'it says what the fake does',
  'upstreams.*.calls': 'in a TCP upstream, it says what the lab counts',
  ignoredHosts: 'it lists the hosts that are not judged',
  'breakers.*.endpoint': 'it names the endpoint of the breaker',
  'budgets.*.of': 'it says what `max` counts',
  'budgets.*.window': 'it says how `per` is meant',
  'budgets.*.price': 'it says what `max` counts',
  'budgets.*.endpoints': 'it says which calls `max` is about',
  'budgets.*.reserves': 'it says how close to `max` a call may be refused',
  'budgets.*.cancelled': 'it says how `count` is meant',
  authentication: 'except `issuer` and `audience`, it says how callers authenticate',
  'termination.signal': 'it says how the service is told to end',
  'limiter.store': 'it says which requests are no calls: `stress/replicas` judges whether replicas share their limits',
  'pool.table': 'it says where proofload looks',
  'pool.endpoint': 'it says where proofload looks',
  'secret.setting': 'it names the setting to change',
  'capacity.endpoint': 'it says where proofload looks',
  cpu: 'it says where proofload looks',
  memory: 'it says where proofload looks',
  'profiles.*.pool.processes': 'it says how `max` is shared',
  'profiles.*.capacity.soakSeconds': 'it says how long proofload watches',
};

type Pattern = readonly string[];

const byLength = (pattern: Pattern, other: Pattern): number => other.length - pattern.length;
const partsOf = (table: object): Pattern[] =>
  Object.keys(table)
    .map((pattern) => pattern.split('.'))
    .sort(byLength);

/** By their first part, which is never a name. */
const PROMISED = Map.groupBy(partsOf(PROMISES), ([root]) => root);
const KNOWN = partsOf({ ...PROMISES, ...NO_PROMISES });

const matches = (pattern: Pattern, path: PromisePath): boolean =>
  pattern.length <= path.length && pattern.every((part, index) => part === '*' || part === path[index]);

/**
 * Returns the promises that a contract makes with the numbers of a profile. A field that is undefined, false or empty
 * promises nothing.
 *
 * @param profile The name in the paths of numbers. Defaults to "*", for the profile of the run.
 */
export function promisesOf(contract: Contract, numbers: JudgedNumbers, profile = '*'): PromisePath[] {
  const whole = { ...contract, profiles: { [profile]: numbers } };
  return Object.entries(PROMISES).flatMap(([pattern, rule]) =>
    expanded(whole, pattern.split('.')).flatMap(({ path, names, value }) => {
      const isPromised = rule === SAYS_SOMETHING ? saysSomething(value) : rule({ contract, numbers }, ...names);
      return isPromised ? [path] : [];
    }),
  );
}

interface Expanded {
  readonly path: PromisePath;
  readonly names: string[];
  readonly value: unknown;
}

/** Returns all paths in a contract that match a pattern. The last field may be missing. */
function expanded(value: unknown, [part, ...rest]: Pattern): Expanded[] {
  if (part === undefined) return [{ path: [], names: [], value }];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const own = value as Readonly<Record<string, unknown>>;
  const keys = part === '*' ? Object.keys(own) : [part];
  return keys.flatMap((key) =>
    expanded(entryOf(own, key), rest).map(({ path, names, value: inner }) => ({
      path: [key, ...path],
      names: part === '*' ? [key, ...names] : names,
      value: inner,
    })),
  );
}

function saysSomething(value: unknown): boolean {
  if (typeof value !== 'object') return value !== undefined && value !== false && value !== '';
  return value !== null && Object.keys(value).length > 0;
}

/**
 * Returns the promise that a path belongs to: the longest one that the path equals or begins with. So
 * `['refusedStarts', 'no key', 'says']` belongs to `['refusedStarts', 'no key']`. A path does not include the paths
 * below it: a check that claims a whole endpoint would judge none of its promises. Returns undefined if there is none.
 */
export function promiseAt(path: PromisePath): PromisePath | undefined {
  const pattern = patternOf(path);
  return pattern && path.slice(0, pattern.length);
}

/** Returns the pattern of the promise that a path belongs to: `promiseAt` without names. */
export const patternOf = (path: PromisePath): Pattern | undefined =>
  PROMISED.get(path[0])?.find((pattern) => matches(pattern, path));

/** Whether a field is a promise, or why it promises nothing. undefined: not decided yet. */
export function promiseOrReason(field: PromisePath): 'a promise' | string | undefined {
  const known = KNOWN.find((pattern) => matches(pattern, field))?.join('.');
  if (known === undefined) return undefined;
  return entryOf(NO_PROMISES, known) ?? 'a promise';
}

/** All patterns, for a test. */
export const PATTERNS: readonly string[] = KNOWN.map((pattern) => pattern.join('.'));
