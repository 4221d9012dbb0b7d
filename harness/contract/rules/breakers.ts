import { connectionFaults } from '../../../faults/connections/index.ts';
import { faultsOf } from '../../../faults/fakes/upstream-definition.ts';
import { upstreamFaults } from '../../../faults/kinds/index.ts';
import type { FaultKinds } from '../../../faults/kinds/lib/fault.ts';
import type { Effect } from '../../../faults/kinds/lib/nature.ts';
import { parseFault } from '../../../faults/plan/parse-fault.ts';
import { failuresOf, isPromisedAgain, promisedCallsOf } from '../attempts.ts';
import type { Contract } from '../contract.ts';
import { effectOf, isQuick, seenAs } from '../known-faults.ts';
import { registeredFaults } from '../registered-faults.ts';
import { DATABASE } from '../uses-postgres.ts';
import { type Rule, rule } from './rule.ts';
import { isStarted, refusalOf, unreachable } from './upstreams.ts';

type Breaker = Contract['breakers'][string];
type Fault = Breaker['failures'][number];

/**
 * Finds breakers whose endpoint can't show their state or whose calls can't be counted, faults that the fakes would
 * reject or that scenarios can't use for a breaker, and ambiguous log patterns.
 */
export const breakerRules: readonly Rule[] = [
  rule({
    at: 'breakers.*.upstream',
    when: isStarted,
    message: ({ value, contract }) => unreachable(value, contract),
  }),
  rule({
    at: 'breakers.*.upstream',
    when: ({ value, contract }) => isUncounted(contract.upstreams[value]),
    message: ({ value }) => `the calls to "${value}" can't be counted: add upstreams.${value}.calls, such as redis`,
  }),
  rule({
    at: 'breakers.*.endpoint',
    when: isStarted,
    message: ({ entry, contract }) => guardedBefore(entry, contract),
  }),
  rule({
    at: 'breakers.*.counts',
    message: ({ entry, contract }) => unjudgedCounts(entry, contract),
  }),
  rule({
    at: 'breakers.*.failures',
    when: ({ value }) => !value.some((fault) => isQuick(fault, registeredFaults())),
    message: ({ entry, contract }) =>
      `none of these faults fails a call as soon as it arrives, and scenarios need such a fault, for example ${supportedBy(entry, contract).example}`,
  }),
  rule({
    at: 'breakers.*.failures.*',
    message: ({ value: fault, entry, contract }) => {
      const effect = effectOf(fault, registeredFaults());
      return refusalFor(fault, effect, supportedBy(entry, contract)) ?? unfitFailure(fault, effect);
    },
  }),
  rule({
    at: ['breakers.*.ignored.*', 'breakers.*.harmless.*'],
    message: ({ value: fault, entry, contract }) => {
      const effect = effectOf(fault, registeredFaults());
      return refusalFor(fault, effect, supportedBy(entry, contract)) ?? unfitSingle(fault, effect);
    },
  }),
  rule({
    at: 'breakers.*.log.*',
    message: ({ value: texts, name: breaker, key: field, contract }) => matchedBy({ breaker, field, texts }, contract),
  }),
];

/** Whether the calls to an upstream can't be recognized, because it is a TCP server of unknown protocol. */
const isUncounted = (upstream: Contract['upstreams'][string] | undefined): boolean =>
  upstream !== undefined && 'tcp' in upstream && upstream.calls === undefined;

/**
 * Returns the problem if the breaker's endpoint doesn't call its upstream, or first calls another upstream with a
 * breaker.
 */
function guardedBefore({ upstream, endpoint }: Breaker, { endpoints, breakers }: Contract): string | undefined {
  const reaches = endpoints[endpoint]?.reaches;
  if (reaches === undefined) return undefined;
  if (!reaches.includes(upstream)) return `"${endpoint}" does not reach ${upstream}`;
  const before = reaches.slice(0, reaches.indexOf(upstream));
  const guarded = before.find((other) => Object.values(breakers).some((breaker) => breaker.upstream === other));
  if (guarded === undefined) return undefined;
  return `"${endpoint}" reaches ${guarded} before ${upstream}, which also has a breaker`;
}

/**
 * Returns what is wrong if a breaker has no failures after which the contract promises all attempts, which show what it
 * counts, or others after which calls may be repeated.
 */
function unjudgedCounts(breaker: Breaker, contract: Contract): string | undefined {
  const known = registeredFaults();
  const calls = promisedCallsOf(contract, breaker.upstream);
  const repeated = failuresOf(breaker, calls, known).repeated.filter((fault) => isQuick(fault, known));
  const others = repeated.filter((fault) => !isPromisedAgain(calls, seenAs(fault, known)));
  if (repeated.length > 0 && others.length === 0) return undefined;
  const kinds = [...new Set(others.map(({ kind }) => kind))].join(', ');
  const why = kinds === '' ? '' : `, and calls may not be repeated after ${kinds}`;
  return `needs failures that are always repeated${why}: list those of this breaker in upstreams.${breaker.upstream}.calls.on`;
}

/** The faults that an upstream supports, and how a breaker's scenarios set them. */
interface Supported {
  readonly kinds: FaultKinds<never>;
  /** The scope of a fault that breaks the next call. */
  readonly nextCall: object;
  /** A fault that fails a call immediately. */
  readonly example: string;
}

const HTTP: Omit<Supported, 'kinds'> = {
  nextCall: { next: 1 },
  example: '{ kind: status, status: 500 }',
};

const TCP: Supported = {
  kinds: new Map([...connectionFaults].filter(([, { outlastsCalls }]) => !outlastsCalls)),
  nextCall: { next: 1, connections: 'calling' },
  example: '{ kind: reset }',
};

/** Returns the faults that a breaker's upstream supports. An undeclared upstream is treated as HTTPS. */
function supportedBy({ upstream }: Breaker, { upstreams }: Contract): Supported {
  const declared = upstreams[upstream];
  if (upstream === DATABASE || (declared && 'tcp' in declared)) return TCP;
  return { ...HTTP, kinds: declared ? faultsOf(declared) : upstreamFaults };
}

/** Parses a fault the way scenarios set it: for the next call or, if it acts on the port, until it is healed. */
const refusalFor = (fault: Fault, effect: Effect | undefined, { kinds, nextCall }: Supported): string | undefined =>
  refusalOf(() => parseFault(effect === 'port' ? fault : { ...fault, ...nextCall }, kinds));

function unfitFailure({ kind }: Fault, effect: Effect | undefined): string | undefined {
  if (kind === 'mix') {
    return 'a mix is not allowed among failures, because scenarios mix them; list its members instead';
  }
  return effect === 'none' ? `"${kind}" does not fail a call; move it to harmless` : undefined;
}

function unfitSingle({ kind }: Fault, effect: Effect | undefined): string | undefined {
  return effect === 'port'
    ? `"${kind}" acts on the port, and this list is for faults of single requests; remove it`
    : undefined;
}

/** A log pattern's texts, with its breaker and its field in the contract. */
interface Pattern {
  readonly breaker: string;
  readonly field: string;
  readonly texts: readonly string[];
}

/**
 * Returns what is wrong if a log pattern is ambiguous: an opening line that also matches another breaker, or a line that
 * matches two transitions of the same breaker. Lines for half-open and closed don't have to contain the breaker's name,
 * because they belong to the breaker that is open.
 */
function matchedBy(pattern: Pattern, { breakers }: Contract): string | undefined {
  const patterns = Object.entries(breakers).flatMap(([breaker, { log = {} }]) =>
    Object.entries(log).map(([field, texts = []]): Pattern => ({ breaker, field, texts })),
  );
  const other = patterns.find((another) => mustDiffer(pattern, another) && fits(pattern, another));
  if (!other) return undefined;
  const where = `breakers.${other.breaker}.log.${other.field}`;
  return `every line of ${where} also matches it; add a text that only its own lines contain`;
}

const mustDiffer = (pattern: Pattern, other: Pattern): boolean =>
  pattern.breaker === other.breaker
    ? pattern.field !== other.field
    : pattern.field === 'opened' && other.field === 'opened';

/** Whether every line that matches the other pattern also matches this one. */
const fits = (pattern: Pattern, other: Pattern): boolean =>
  pattern.texts.every((text) => other.texts.some((whole) => whole.includes(text)));
