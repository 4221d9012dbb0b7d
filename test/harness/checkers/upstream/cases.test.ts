import { expect, test } from 'vitest';
import type { Checker, Facts } from '../../../../harness/checkers/lib/checker.ts';
import { attemptsApart } from '../../../../harness/checkers/upstream/attempts-apart.ts';
import { backoffBounded } from '../../../../harness/checkers/upstream/backoff-bounded.ts';
import { backoffJittered } from '../../../../harness/checkers/upstream/backoff-jittered.ts';
import { endpointsReachUpstreams } from '../../../../harness/checkers/upstream/endpoints-reach-upstreams.ts';
import { faultsAnswered } from '../../../../harness/checkers/upstream/faults-answered.ts';
import { faultsAnsweredInTime } from '../../../../harness/checkers/upstream/faults-answered-in-time.ts';
import { healthWhileCallsFail } from '../../../../harness/checkers/upstream/health-while-calls-fail.ts';
import { impostorGetsNothing } from '../../../../harness/checkers/upstream/impostor-gets-nothing.ts';
import { outageIsolated } from '../../../../harness/checkers/upstream/outage-isolated.ts';
import { slowUpstreamBounded } from '../../../../harness/checkers/upstream/slow-upstream-bounded.ts';
import { specifiedTimeouts } from '../../../../harness/checkers/upstream/specified-timeouts.ts';
import { untouchedNeverWait } from '../../../../harness/checkers/upstream/untouched-never-wait.ts';
import { untouchedStayAsFast } from '../../../../harness/checkers/upstream/untouched-stay-as-fast.ts';
import { unverifiedUpstreamsServed } from '../../../../harness/checkers/upstream/unverified-upstreams-served.ts';
import { upstreamAttempts } from '../../../../harness/checkers/upstream/upstream-attempts.ts';
import { callFailures } from '../../../../harness/contract/call-failures.ts';
import type { PlannedAction, PlannedPhase } from '../../../../harness/contract/phases.ts';
import { keyOf } from '../../../../harness/contract/promise-path.ts';
import { promiseAt, promisesOf } from '../../../../harness/contract/promises.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { withAllCases } from '../../../../harness/judge/expected-cases.ts';
import { promisedCalls } from '../../../../mocks/promised-calls.ts';
import { factsWith } from '../../../support/failing.ts';
import { begun, facts, handshakeFailed, receipt, request, T0 } from '../../../support/history.ts';

const [ENDPOINT, UPSTREAM] = ['conversation-end', 'groq'];
const CALLS = promisedCalls.parse({
  attempts: 3,
  on: [429, '5xx'],
  never: ['4xx'],
  retryAfter: 'capped',
  hints: ['retry-after-ms', 'x-should-retry'],
  backoff: { minSeconds: 0.2, maxSeconds: 5, jitter: true },
  budgetSeconds: 30,
});
const FAILURES: Readonly<Record<string, Record<string, unknown>>> = callFailures(CALLS);
/** The failures after which no other attempt is promised. */
const ONCE = ['reset', 'plain-400', '429-tomorrow', '503-next-year', 'not-again'];
const RETRIED = factsWith({ onFault: { 'plain-500': { answer: 502, withinSeconds: 9 }, reset: 502 } }, CALLS);

const failing = Object.keys(FAILURES).map(
  (fault) => ({ action: 'failing', upstream: UPSTREAM, fault, endpoint: ENDPOINT }) as const,
);
const volleys = [1, 2, 3].map(
  (round) => ({ action: 'volley', round, upstream: UPSTREAM, endpoint: ENDPOINT }) as const,
);
const posed = <Action extends 'impostor' | 'unverified'>(action: Action) =>
  ['expired', 'self-signed'].map(
    (certificate) => ({ action, certificate, upstream: UPSTREAM, endpoint: ENDPOINT }) as PlannedAction<Action>,
  );

/** The events of one phase in which a good service is called: the `index`-th one. */
type Play = (phase: never, at: number, seq: number, tags: Record<string, string>) => HistoryEvent[];

const fail = ({ fault }: PlannedAction<'failing'>, at: number, seq: number, tags: Record<string, string>) => {
  const id = `f${seq}`;
  const attempts = ONCE.includes(fault) ? 1 : 3;
  return [
    { type: 'fault', at: T0 + at, upstream: UPSTREAM, id, asked: FAILURES[fault] ?? {} } as const,
    request(at + 10, 5_100, 502, { ...tags, about: 'failing' }),
    ...Array.from({ length: attempts }, (_, nth) =>
      receipt(seq + nth, at + 20 + nth * 2_500, 5, UPSTREAM, [`${id}:x`]),
    ),
    request(at + 9_000, 50, 201, { ...tags, about: 'again' }),
    receipt(seq + attempts, at + 9_010, 5, UPSTREAM),
  ];
};

const volley: Play = (_, at, seq) =>
  Array.from({ length: 10 }, (__, nth) => [
    receipt(seq + nth, at + nth, 5, UPSTREAM, ['f1:status']),
    receipt(seq + 10 + nth, at + 400 + nth * 30, 5, UPSTREAM),
  ]).flat();

const refuse: Play = (_, at, seq, tags) => [
  request(at + 1, 5, 502, tags),
  handshakeFailed(seq, at + 2, UPSTREAM, 'ECONNRESET'),
];

const serve: Play = (_, at, seq, tags) => [request(at + 1, 5, 201, tags), receipt(seq, at + 2, 1, UPSTREAM)];

/** A history in which these phases begin, one after another. */
function played(plan: readonly PlannedPhase[], play: Play): History {
  const events = plan.flatMap((phase, index) => {
    const [at, seq] = [index * 10_000, index * 100];
    const tags = { phase: String(index + 1), endpoint: ENDPOINT };
    return [begun(index + 1, phase, at, seq), ...play(phase as never, at, seq + 1, tags)];
  });
  return new History([...events, begun(1_000, { action: 'end' }, 9_000_000, 1_000_000)]);
}

const withPlan = (of: Facts, plan: readonly PlannedPhase[]): Facts => ({
  ...of,
  proof: { ...of.proof, plan: [...plan] },
});
const casesIn = (checker: Checker, of: Facts) => checker.cases?.(of)?.map(({ check }) => check);
const judged = (checker: Checker, of: Facts, history: History) =>
  withAllCases(checker, checker.judge(history, of), of).map(({ check, verdict }) => [check, verdict]);

/** A checker whose cases are in the plan, with a plan and a contract. */
interface Row {
  readonly checker: Checker;
  readonly of: Facts;
  readonly plan: readonly PlannedPhase[];
  readonly play: Play;
}

const RETRIES = [upstreamAttempts, attemptsApart, backoffBounded, faultsAnswered, faultsAnsweredInTime];
const PLANNED: Row[] = [
  ...RETRIES.map((checker): Row => ({ checker, of: RETRIED, plan: failing, play: fail })),
  { checker: backoffJittered, of: RETRIED, plan: volleys, play: volley },
  { checker: impostorGetsNothing, of: facts(), plan: posed('impostor'), play: refuse },
  { checker: unverifiedUpstreamsServed, of: facts(), plan: posed('unverified'), play: serve },
];

test.each(PLANNED)(
  'the cases of $checker.name are its findings about a good service',
  ({ checker, of, plan, play }) => {
    const planned = withPlan(of, plan);
    const cases = casesIn(checker, planned) ?? [];
    expect(cases).not.toEqual([]);
    expect(judged(checker, planned, played(plan, play))).toEqual(cases.map((check) => [check, 'PASS']));
  },
);

test.each(PLANNED)(
  'a phase that never began leaves cases of $checker.name undecided',
  ({ checker, of, plan, play }) => {
    const planned = withPlan(of, plan);
    for (const missing of plan) {
      const begun = plan.filter((phase) => phase !== missing);
      const undecided = judged(checker, planned, played(begun, play)).filter(([, verdict]) => verdict !== 'PASS');
      const about = casesIn(checker, withPlan(of, [missing]));
      expect(undecided).toEqual(about?.map((check) => [check, 'INCONCLUSIVE']));
    }
  },
);

test.each(PLANNED)(
  '$checker.name has no cases in an empty plan, and unknown ones without a plan',
  ({ checker, of }) => {
    expect([casesIn(checker, withPlan(of, [])), casesIn(checker, of)]).toEqual([[], undefined]);
    expect(checker.without).toMatch(/^\w/);
  },
);

const NOTHING: Facts = {
  ...facts(),
  contract: {
    ...facts().contract,
    upstreams: {},
    endpoints: {
      only: { method: 'GET', path: '/', served: [200], reaches: [], servedWithout: [], onFault: {} } as never,
    },
    breakers: { llm: { ...facts().contract.breakers.llm, upstream: 'none', endpoint: 'only', untouched: [] } as never },
  },
  numbers: { ...facts().numbers, breakers: { llm: { threshold: 3, recoverySeconds: 1 } as never } },
  breaker: 'llm',
};

/** Checkers whose cases are in the contract. */
const PROMISED = [
  endpointsReachUpstreams,
  healthWhileCallsFail,
  outageIsolated,
  slowUpstreamBounded,
  specifiedTimeouts,
  untouchedNeverWait,
  untouchedStayAsFast,
];

test.each(PROMISED)('the cases of $name are undecided if nothing happened', (checker) => {
  const cases = casesIn(checker, facts('llm')) ?? [];
  expect(cases).not.toEqual([]);
  expect(judged(checker, facts('llm'), new History())).toEqual(cases.map((check) => [check, 'INCONCLUSIVE']));
});

test.each(PROMISED)('$name has no cases if the contract promises nothing', (checker) => {
  expect(casesIn(checker, NOTHING)).toEqual([]);
  expect(checker.judge(new History(), NOTHING)).toEqual([]);
  expect(checker.without).toMatch(/^\w/);
});

/** The settings of a condition are no promise. */
const WITHOUT_PROMISE: readonly Checker[] = [unverifiedUpstreamsServed];
const CLAIMING = [
  ...PLANNED.filter(({ checker }) => !WITHOUT_PROMISE.includes(checker)).map(({ checker, of, plan }) => ({
    checker,
    of: withPlan(of, plan),
  })),
  ...PROMISED.map((checker) => ({ checker, of: facts('llm') })),
];

test.each(CLAIMING)('the contract makes the promises that the cases of $checker.name name', ({ checker, of }) => {
  const made = promisesOf(of.contract, of.numbers).map(keyOf);
  const named = checker.cases?.(of)?.flatMap((one) => one.promises.map((path) => keyOf(promiseAt(path) ?? path))) ?? [];
  expect(named).not.toEqual([]);
  expect(named.filter((key) => !made.includes(key))).toEqual([]);
});
