import type { Providers } from '../../faults/fakes/provider.ts';
import type { Effect } from '../../faults/kinds/lib/nature.ts';
import { type PromisedQuota, secondsOf } from '../../mocks/promised-quota.ts';
import { providers } from '../../mocks/providers.ts';
import { entryOf } from '../base/entry-of.ts';
import type { LeakTargets } from '../secrecy/find-leaks.ts';
import { hostElsewhere } from './allowed-host.ts';
import { failuresOf, isAttemptedOnce, isJudged, isTimeoutOnce, promisedCallsOf } from './attempts.ts';
import { type Budget, budgetsOf } from './budgets.ts';
import { callFailures, repeatedFailure, rescuedFailures } from './call-failures.ts';
import { type Contract, healthOf, type Numbers } from './contract.ts';
import { type Credential, credentialsOf } from './credentials.ts';
import { effectOf, isQuick, type KnownFaults, seenAs } from './known-faults.ts';
import { isModel } from './model-of.ts';
import { type PromisedTimeout, promisedTimeouts } from './promised-timeouts.ts';
import { registeredFaults } from './registered-faults.ts';
import { type Callable, callable, filledHeaders, readsRow } from './requests.ts';
import type { Authentication } from './schema/authentication.ts';
import { mayOpenByTimeouts, type Opening, openingOf } from './schema/opening.ts';
import { type Trials, trialsOf } from './schema/trials.ts';
import { timeoutSettings } from './timeout-settings.ts';
import { DATABASE } from './uses-postgres.ts';

/** The addresses in a running lab that a script needs. */
export interface Addresses {
  /** Base URLs of the service's processes: the process under test, followed by those in `proof.beside`. */
  services: string[];
  /** The lab's control API and its token. */
  lab: { url: string; token: string };
  /** The addresses of the upstreams that the lab has started, by name. Absent if nothing runs. */
  upstreamUrls?: Readonly<Record<string, string>>;
  /** The prefix of all client names in this run. The name of client n ends with n. */
  clientPrefix: string;
}

/** How requests are authenticated, including the credentials themselves. */
export type ScriptAuthentication = Authentication & {
  /** The keys in the setting that the contract names, or only the signing key if there is one. */
  credentials: readonly Credential[];
};

/** An upstream as passed to a script: its protocol, and the contract's promises about calls to it. */
interface ScriptUpstream extends Pick<HttpUpstream, 'concurrency' | 'queueSeconds' | 'callsPerConnection'> {
  /** Its quota, with the length of the window in seconds. */
  quota?: (PromisedQuota & { readonly seconds: number }) | undefined;
  protocol: 'http' | 'tcp';
  tls: boolean;
  /** The kind of a built-in fake. Undefined for other upstreams, about whose responses nothing is known. */
  kind?: string | undefined;
  /** Whether it is a fake of an LLM, which can call tools. */
  isModel: boolean;
  /** Whether a built-in fake's answers are useless without their body. */
  needsBody: boolean;
  calls: ReturnType<typeof promisedCallsOf>;
  /** The failures with which its retries are judged, by name, and a failure after which another attempt is promised. */
  callFailures: ReturnType<typeof callFailures>;
  repeatedFailure: ReturnType<typeof repeatedFailure>;
  /** The failures from which further attempts must rescue a call, by name. */
  rescuedFailures: ReturnType<typeof rescuedFailures>;
  /** Whether a call that times out leads to a single request. */
  waitsOnce: boolean;
}

type HttpUpstream = Exclude<Contract['upstreams'][string], { tcp: string }>;

/** A breaker. Its failures and ignored faults are those that lead to a single request for each call. */
type ScriptBreaker = Contract['breakers'][string] &
  Numbers['breakers'][string] & {
    opening: Opening;
    trying: Trials;
    /** The other failures, after which the service sends a request again. */
    repeated: Contract['breakers'][string]['failures'];
    /** Whether there are failures with which a scenario can judge it. */
    isJudged: boolean;
    /** Failures that may be retried only because it is unknown how a client sees them, by their kinds. */
    unseen: readonly string[];
    /** Whether timeouts can be seen to open it. */
    mayOpenByTimeouts: boolean;
  };

/**
 * Everything that the harness passes to a k6 script, as JSON in `__ENV.PROOFLOAD`: addresses, and the contract's
 * promises with the numbers from one profile. Scripts must import this type with `import type`, because k6 loads them
 * without the harness.
 */
export interface ScriptContext
  extends Addresses,
    Pick<
      Contract,
      'client' | 'limiter' | 'tls' | 'secret' | 'refusedStarts' | 'tools' | 'termination' | 'frozen' | 'cpu' | 'memory'
    > {
  /** The upstreams that the lab has started, and the database, which is a TCP server as well. */
  upstreams: Record<string, ScriptUpstream>;
  /** Whether the lab started the service. If not, the lab does not control its database and upstreams. */
  startedByLab: boolean;
  /** Whether the service runs on another machine, which sees all clients at one address and has its own clock. */
  isElsewhere: boolean;
  /** Whether the script leaves out what takes long, for `doctor`. */
  isBrief: boolean;
  endpoints: Record<string, Callable>;
  /** The ledger, and the endpoints that read the row with the text of their request. */
  ledger?: (NonNullable<Contract['ledger']> & { readonly readers: readonly string[] }) | undefined;
  /** The endpoint that must work no matter what else is broken, if any. */
  health?: string | undefined;
  limits: Record<string, Numbers['limits'][string] & { isLongest: boolean }>;
  /** The budgets with the numbers of this profile, and the headers that put a request under them. */
  budgets: readonly (Budget & { readonly headers: Readonly<Record<string, string>> })[];
  /** The names of the contract's conditions. */
  conditions: readonly string[];
  requestsInProgress: Numbers['requestsInProgress'];
  /** How each kind of fault affects calls to an upstream. Kinds for HTTP and TCP with the same name have one effect. */
  faultEffects: Record<string, Effect>;
  /** The kinds that fail single calls as soon as they arrive, or only streams. */
  quickFaults: readonly string[];
  /** The name of the breaker under test, if the script runs once per breaker (`proof.each`). */
  breaker?: string | undefined;
  /** Breakers that have numbers in this profile. Times are in seconds. */
  breakers: Record<string, ScriptBreaker>;
  /** The timeouts of upstream calls that a script can wait for, and the settings that set them. */
  timeouts: readonly (PromisedTimeout & { setBy: readonly string[] })[];
  pool?: (NonNullable<Contract['pool']> & NonNullable<Numbers['pool']>) | undefined;
  capacity?: (NonNullable<Contract['capacity']> & NonNullable<Numbers['capacity']>) | undefined;
  authentication?: ScriptAuthentication;
  /** How many calls the service works on at once. Absent if no bound is known. */
  callsAtOnce?: number | undefined;
  /** The first 16 digits of the IDs of all traces. Absent if nothing runs. */
  tracePrefix?: string;
  /** The secrets that responses must not show. Absent if the contract doesn't promise it, or if nothing runs. */
  leakTargets?: LeakTargets | undefined;
}

/**
 * Creates the context for a script.
 *
 * @param environment The settings that the service was started with, which contain the credentials.
 * @param breaker The name of the breaker under test, if there is one.
 */
export function scriptContext(
  contract: Contract,
  numbers: Numbers,
  addresses: Addresses,
  environment: Readonly<Record<string, string>>,
  breaker?: string,
): ScriptContext {
  const { authentication, pool, capacity, ledger } = contract;
  const known = registeredFaults();
  const kinds = Object.entries(known);
  return {
    ...addresses,
    upstreams: upstreamsOf(contract),
    startedByLab: contract.start.running === undefined,
    isElsewhere: hostElsewhere(contract) !== undefined,
    isBrief: contract.isBrief === true,
    endpoints: callable(contract),
    health: healthOf(contract),
    limits: limitsOf(contract, numbers),
    budgets: budgetsOf(contract, numbers).map((budget) => ({
      ...budget,
      headers: filledHeaders(contract.budgets[budget.name]?.headers ?? {}),
    })),
    conditions: Object.keys(contract.conditions),
    requestsInProgress: numbers.requestsInProgress,
    faultEffects: Object.fromEntries(kinds.map(([kind, { effect }]) => [kind, effect])),
    quickFaults: kinds.flatMap(([kind]) => (isQuick({ kind }, known) ? [kind] : [])),
    breaker,
    breakers: breakersOf(contract, numbers, known),
    timeouts: promisedTimeouts(contract, numbers, known).map((timeout) => ({
      ...timeout,
      setBy: timeoutSettings(environment, [timeout]),
    })),
    pool: pool && numbers.pool && { ...pool, ...numbers.pool },
    client: contract.client,
    limiter: contract.limiter,
    tls: contract.tls,
    secret: contract.secret,
    refusedStarts: contract.refusedStarts,
    ledger: ledger && {
      ...ledger,
      readers: Object.entries(contract.endpoints).flatMap(([name, each]) => (readsRow(each, ledger.key) ? name : [])),
    },
    tools: contract.tools,
    termination: contract.termination,
    frozen: contract.frozen,
    cpu: contract.cpu,
    memory: contract.memory,
    capacity: capacity && numbers.capacity && { ...capacity, ...numbers.capacity },
    ...(authentication && {
      authentication: {
        ...authentication,
        credentials: credentialsOf(authentication, environment),
      },
    }),
  };
}

/** The profiles with which scenarios run, besides the chosen one. */
const OTHER_PROFILES = ['changed', 'production'];

/** Returns the limits, and whether no scenario runs with a longer window of the same one. */
function limitsOf({ profiles }: Contract, { limits }: Numbers): ScriptContext['limits'] {
  const windowsOf = (name: string) =>
    OTHER_PROFILES.map((profile) => entryOf(entryOf(profiles, profile)?.limits ?? {}, name)?.windowSeconds ?? 0);
  return Object.fromEntries(
    Object.entries(limits).map(([name, limit]) => [
      name,
      { ...limit, isLongest: windowsOf(name).every((seconds) => seconds <= limit.windowSeconds) },
    ]),
  );
}

function breakersOf(contract: Contract, numbers: Numbers, known: KnownFaults): ScriptContext['breakers'] {
  const both = Object.entries(numbers.breakers).flatMap(([name, counts]) => {
    const described = contract.breakers[name];
    if (!described) return [];
    return [[name, { ...counts, ...breakerOf(contract, described, known), ...openingIn(counts) }] as const];
  });
  return Object.fromEntries(both);
}

function openingIn(counts: Numbers['breakers'][string]) {
  const opening = openingOf(counts);
  return { opening, mayOpenByTimeouts: mayOpenByTimeouts(opening, counts.callTimeoutSeconds ?? 0) };
}

function breakerOf(contract: Contract, breaker: Contract['breakers'][string], known: KnownFaults) {
  const calls = promisedCallsOf(contract, breaker.upstream);
  const { once, repeated } = failuresOf(breaker, calls, known);
  const isUnseen = (fault: (typeof repeated)[number]) =>
    effectOf(fault, known) === 'fails' && seenAs(fault, known) === undefined;
  return {
    ...breaker,
    failures: once,
    repeated,
    ignored: breaker.ignored.filter((fault) => isAttemptedOnce(calls, fault, known)),
    isJudged: isJudged(contract, breaker, known),
    unseen: calls.never.length === 0 ? [] : repeated.filter(isUnseen).map(({ kind }) => kind),
    trying: trialsOf(breaker),
  };
}

function upstreamsOf({ upstreams }: Contract): ScriptContext['upstreams'] {
  const withCalls = (name: string, reached: typeof TCP | ReturnType<typeof overHttp>): ScriptUpstream => {
    const calls = promisedCallsOf({ upstreams }, name);
    return {
      ...reached,
      calls,
      callFailures: callFailures(calls),
      repeatedFailure: repeatedFailure(calls),
      rescuedFailures: rescuedFailures(calls),
      waitsOnce: isTimeoutOnce(calls),
    };
  };
  const described = Object.entries(upstreams).map(([name, upstream]) => [
    name,
    withCalls(name, 'tcp' in upstream ? TCP : overHttp(upstream)),
  ]);
  return { ...Object.fromEntries(described), [DATABASE]: withCalls(DATABASE, TCP) };
}

const overHttp = ({ tls = true, concurrency, queueSeconds, callsPerConnection, quota, ...declared }: HttpUpstream) => ({
  protocol: 'http' as const,
  tls,
  kind: 'kind' in declared ? declared.kind : undefined,
  isModel: isModel(declared),
  needsBody: 'kind' in declared && (all[declared.kind]?.needsBody ?? false),
  concurrency,
  queueSeconds,
  callsPerConnection,
  quota: quota && { ...quota, seconds: secondsOf(quota) },
});

const all: Providers = providers;

const TCP = { protocol: 'tcp', tls: false, isModel: false, needsBody: false } as const;
