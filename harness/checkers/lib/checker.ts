import type { z } from 'zod';
import { entryOf } from '../../base/entry-of.ts';
import { count } from '../../base/in-words.ts';
import { statusText } from '../../callers/meaning-of.ts';
import { isJudged, isTimeoutOnce, promisedCallsOf } from '../../contract/attempts.ts';
import type { judgedNumbers, promises } from '../../contract/contract.ts';
import { effectOf, type KnownFaults } from '../../contract/known-faults.ts';
import type { ActionName, PlannedAction } from '../../contract/phases.ts';
import { numberAt, type PromisePath } from '../../contract/promise-path.ts';
import type { ReadProof } from '../../contract/proof.ts';
import { servedWithoutOf } from '../../contract/schema/fallback.ts';
import { openingOf } from '../../contract/schema/opening.ts';
import { trialsOf } from '../../contract/schema/trials.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { NoiseFloor } from '../../machine/noise-floor.ts';
import type { Finding } from '../../verdict/finding.ts';

/** The facts that a checker receives in addition to the history. */
export interface Facts {
  contract: z.output<typeof promises>;
  /** The facts about the kinds of faults when the scenario ran. */
  faults: KnownFaults;
  numbers: z.output<typeof judgedNumbers>;
  /** The machine's timing noise, measured before the run. */
  noise: NoiseFloor;
  /** How many calls the service works on at once. Absent if no bound is known. */
  callsAtOnce?: number;
  /** Whether clients had public addresses (`PUBLIC_NETWORK`), and not those of loopback. */
  publicClients?: true;
  /** The breaker under test, if any. */
  breaker?: string;
  /** The proof that the scenario exported, before it ran. */
  proof: Pick<ReadProof, 'plan' | 'beside' | 'conditions' | 'alone' | 'comparesTimes'>;
}

/** A check that a checker must make. */
export interface Case {
  /** The name of its finding. */
  readonly check: string;
  /** The promises that it judges. Empty if it judges the run itself. */
  readonly promises: readonly PromisePath[];
}

/** Judges one promise. */
export interface Checker {
  /** The name used in scenarios and histories. */
  readonly name: string;
  /** Whether the verdict depends on how long something took. If so, a generator pause invalidates a failure. */
  readonly timed?: true;
  /** Whether a failure is certain even if the rest of the record can't be trusted. */
  readonly certain?: true;
  /** The checkers that this one depends on. If one of them fails, this one's failures are consequences. */
  readonly restsOn?: readonly string[];
  /** The checkers whose failure explains why this one is INCONCLUSIVE, but not why it fails. */
  readonly undecidedBy?: readonly string[];
  /** The likely causes of a failure, in one or two sentences. */
  readonly usually: string;
  /**
   * Returns the checks that it must make in a scenario. A check that is made twice is listed twice. Must be pure and
   * must not depend on the run. If a finding is missing, the check is INCONCLUSIVE. If there are no cases, the checker
   * is not applicable. Returns undefined if the cases are unknown because the scenario has no plan. The checker must
   * then make at least one check.
   */
  cases?(facts: Facts): readonly Case[] | undefined;
  /** Why a contract may have no case for it, to complete "because …". Absent if it always has one. */
  readonly without?: string;
  /** Judges a history. Must be pure, so that it can be tested with a handwritten history. */
  judge(history: History, facts: Facts): Finding[];
}

/** A checker of this package, with what its page in docs/checks/ and `proofload prove` say about it. */
export interface BuiltInChecker extends Checker {
  /**
   * How to fix a service that fails it, in one to three sentences: the change to make, and a setting or a function as an
   * example.
   */
  readonly fix: string;
  /** Why no defect of a service can make it fail. Absent if there is one in test/defects/. */
  readonly noDefect?: string;
  /** The reason why no wire mutant can make it fail, if there is one. */
  readonly noWireMutant?: string;
  /**
   * Whether it judges samples of database connections. If no checker of a scenario does, fewer are taken, because they
   * use processor time. A team's own checkers may always do so.
   */
  readonly countsConnections?: true;
  /** The line of the contract without which it judges nothing, if its wire mutants need less. */
  readonly needs?: string;
}

/** Returns the phases with one of these actions that the scenario plans, in order, or undefined if it has no plan. */
export const planned = <Name extends ActionName>(
  { proof: { plan } }: Facts,
  ...actions: readonly Name[]
): PlannedAction<Name>[] | undefined =>
  plan?.filter((phase) => 'action' in phase && (actions as readonly unknown[]).includes(phase.action)) as
    | PlannedAction<Name>[]
    | undefined;

/** Whether the script begins a phase with this action, as far as its plan says. */
export const mayBegin = (facts: Facts, action: ActionName): boolean => planned(facts, action)?.length !== 0;

/** Returns a case for each endpoint: that it is served. */
export const servedCases = ({ contract: { endpoints } }: Facts, checkOf: (endpoint: string) => string): Case[] =>
  Object.keys(endpoints).map((name) => ({ check: checkOf(name), promises: [['endpoints', name, 'served']] }));

/** A breaker: its name, its entry in the contract, and its numbers. */
export type Breaker = ReturnType<typeof breakerOf>;

/**
 * Returns the breaker under test.
 *
 * @throws Error if it is not in the contract
 */
export function breakerOf({ contract, numbers, breaker: name = '' }: Facts) {
  const [described, counted] = [entryOf(contract.breakers, name), entryOf(numbers.breakers, name)];
  if (!described || !counted) throw new Error(`the contract describes no breaker "${name}"`);
  return { name, ...described, ...counted, opening: openingOf(counted), trying: trialsOf(described) };
}

/** Returns the breakers with numbers in this profile, in the order in which scripts go through them. */
export const countedBreakers = (facts: Facts): Breaker[] =>
  Object.keys(facts.numbers.breakers)
    .filter((name) => Object.hasOwn(facts.contract.breakers, name))
    .map((breaker) => breakerOf({ ...facts, breaker }));

/** Returns the breakers that scenarios about several breakers judge. Their endpoints fail without their upstreams. */
export const judgedBreakers = (facts: Facts): Breaker[] =>
  countedBreakers(facts)
    .filter((breaker) => isJudged(facts.contract, breaker, facts.faults))
    .filter(({ upstream, endpoint }) => !isServedWithout(facts, endpoint, upstream));

/** A breaker whose calls time out after one attempt. */
export type TimedBreaker = Breaker & { callTimeoutSeconds: number };

/** Returns the judged breakers whose calls time out after one attempt. */
export const timedBreakers = (facts: Facts): TimedBreaker[] =>
  judgedBreakers(facts).flatMap((breaker) => {
    const { callTimeoutSeconds, upstream } = breaker;
    const isOnce = isTimeoutOnce(promisedCallsOf(facts.contract, upstream));
    return callTimeoutSeconds === undefined || !isOnce ? [] : [{ ...breaker, callTimeoutSeconds }];
  });

/** Whether an endpoint is served while an upstream fails, for example by another upstream. See `servedWithoutOf`. */
export function isServedWithout({ contract }: Facts, endpoint: string, upstream: string, fault?: string): boolean {
  const described = contract.endpoints[endpoint];
  return described !== undefined && servedWithoutOf(described, fault).includes(upstream);
}

/**
 * Whether a fault acts on the port, so that a refused call leaves no receipt.
 *
 * @param fault Its name in the contract or, in a scenario's phase, its kind followed by its fields.
 */
export const isOnPort = (fault: string, { faults }: Pick<Facts, 'faults'>): boolean =>
  effectOf({ kind: fault.split(' ', 1)[0] ?? '' }, faults) === 'port';

/** Whether the contract describes a pool and the profile has its numbers. */
export const hasPool = ({ contract, numbers }: Facts): boolean =>
  contract.pool !== undefined && numbers.pool !== undefined;

/** Returns the pool: its entry in the contract, its numbers, and the statuses that count as served for its endpoint. */
export function poolOf({ contract, numbers }: Facts) {
  if (!contract.pool || !numbers.pool) throw new Error('the contract describes no pool');
  const served = contract.endpoints[contract.pool.endpoint]?.served ?? [];
  return { ...contract.pool, ...numbers.pool, served };
}

/** Returns the promises that the pool's endpoint is served, if there is a pool. */
export const poolServed = ({ contract: { pool } }: Pick<Facts, 'contract'>): PromisePath[] =>
  pool ? [['endpoints', pool.endpoint, 'served']] : [];

/** Returns the place of one of the pool's numbers in the contract. */
export const poolNumber = (field: keyof NonNullable<Facts['numbers']['pool']>): PromisePath => numberAt('pool', field);

/** Returns the capacity: its entry in the contract and its numbers. */
export function capacityOf({ contract, numbers }: Facts) {
  if (!contract.capacity || !numbers.capacity) throw new Error('the contract describes no capacity');
  return { ...contract.capacity, ...numbers.capacity };
}

/** Returns the places of the capacity's numbers in the contract. */
export const capacityNumbers = (...fields: (keyof NonNullable<Facts['numbers']['capacity']>)[]): PromisePath[] =>
  fields.map((field) => numberAt('capacity', field));

/** Returns the contract's entry for the secret key. */
export function secretOf({ contract: { secret } }: Facts) {
  if (!secret) throw new Error('the contract describes no secret');
  return secret;
}

/** Whether a request got one of the statuses that count as served according to the contract. */
export const isServed = (
  { contract: { endpoints } }: Facts,
  { status, tags: { endpoint = '' } }: RequestSample,
): boolean => endpoints[endpoint]?.served.includes(status) === true;

/** Returns the contract's other breakers in this profile, by name. */
export const otherBreakers = ({ contract, numbers, breaker }: Facts) =>
  Object.entries(contract.breakers).filter(([name]) => name !== breaker && Object.hasOwn(numbers.breakers, name));

/** Returns a finding with more lines of evidence, if there are any. */
export const withEvidence = <Judged extends Pick<Finding, 'verdict' | 'evidence'>>(
  finding: Judged,
  lines: readonly string[],
): Judged => (lines.length === 0 ? finding : { ...finding, evidence: [...(finding.evidence ?? []), ...lines] });

/**
 * Describes calls as evidence, one per line, longest first: the endpoint, when it was called, and how the call ended.
 */
export const callsAsEvidence = (calls: readonly RequestSample[], from: number): string[] =>
  calls
    .toSorted((a, b) => b.ms - a.ms)
    .map((call) => {
      const sent = `${call.tags.endpoint ?? ''} (${call.method}), sent after ${((call.at - from) / 1_000).toFixed(2)} s`;
      return `${sent}: ${answerOf(call)}, after ${(call.ms / 1_000).toFixed(2)} s`;
    });

/**
 * Describes how many requests reached an upstream. If there were more requests than calls, some are retries or belong
 * to other calls.
 */
export const howManyReached = (requests: number, calls: number): string =>
  requests <= calls
    ? `${requests} of ${count(calls, 'call')} reached it`
    : `${count(requests, 'request')} reached it, more than the ${count(calls, 'call')}`;

/** Counts how often each value occurs, for example "18 × 201, 2 × 503". Numbers are statuses. */
export function tally(values: readonly (string | number)[]): string {
  const counts = Map.groupBy(values, (value) => (typeof value === 'number' ? statusText(value) : value));
  return [...counts].map(([value, of]) => `${of.length} × ${value}`).join(', ') || 'none';
}
