import { expect, test } from 'vitest';
import { outageWithRetries } from '../../../../harness/checkers/breaker/outage-with-retries.ts';
import type { Facts } from '../../../../harness/checkers/lib/checker.ts';
import type { PlannedAction } from '../../../../harness/contract/phases.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import type { Verdict } from '../../../../harness/verdict/finding.ts';
import retryingAll from '../../../defects/breakers/retrying-all.ts';
import { begun, factsOf, receipt, request } from '../../../support/history.ts';

type Counts = 'calls' | 'attempts' | undefined;
type Action = PlannedAction['action'];

const PLAN = (
  [
    'below with retries',
    'opening with retries',
    'open with retries',
    'half-open with retries',
    'reopened with retries',
  ] as const
).map((action) => ({ action }));

/** Facts about a breaker with a threshold of 5 that recovers in 2 s, and calls of up to 3 attempts. */
function factsWith(counts?: Counts): Facts {
  const { llm } = retryingAll.breakers;
  const breakers = { ...retryingAll.breakers, llm: { ...llm, ...(counts && { counts }) } };
  const facts = factsOf({ ...retryingAll, breakers, secrecy: undefined }, { breaker: 'llm' });
  return { ...facts, proof: { ...facts.proof, plan: PLAN } };
}

/** An outage: the statuses and the number of requests of each phase, and when the next trial comes. */
interface Outage {
  readonly opening?: readonly (readonly [status: number, requests: number])[];
  readonly open?: readonly number[];
  readonly leaked?: number;
  readonly trials?: number;
  /** Milliseconds from the end of the last failed trial to the next one. */
  readonly next?: number;
  readonly success?: number;
}

/** What happens if a breaker counts attempts: it opens in the middle of the second call. */
const ATTEMPTS = [
  [502, 3],
  [502, 2],
  [503, 0],
] as const;

function historyOf(seen: Outage): History {
  const { opening = ATTEMPTS, open = [503, 503, 503], leaked = 0, trials = 1, next = 2_010, success = 201 } = seen;
  let [at, seq] = [0, 0];
  const events: HistoryEvent[] = [];
  const phase = (id: number, action: Action, after: number) => {
    at = after;
    events.push(begun(id, { action } as PlannedAction as never, at, seq));
  };
  const call = (id: number, status: number, requests: number, about = 'call') => {
    events.push(request(at, 20, status, { phase: String(id), endpoint: 'conversation-end', about }));
    for (let n = 1; n <= requests; n += 1) events.push(receipt(seq + n, at + n, 1, 'groq', ['f1:status']));
    seq += requests;
    at += 40;
  };
  phase(1, 'below with retries', 0);
  call(1, 502, 3, 'failure');
  call(1, success, success === 201 ? 1 : 0, 'success');
  phase(2, 'opening with retries', 1_000);
  for (const [status, requests] of opening) call(2, status, requests);
  phase(3, 'open with retries', 1_500);
  for (const [index, status] of open.entries()) call(3, status, index < leaked ? 1 : 0);
  phase(4, 'half-open with retries', 4_000);
  for (let index = 0; index < 6; index += 1) call(4, index < trials ? 502 : 503, index < trials ? 1 : 0);
  const trialEnded = 4_000 + 40 * (trials - 1) + 2;
  phase(5, 'reopened with retries', 4_500);
  at = trialEnded + next - 1;
  call(5, 201, 1);
  return new History(events);
}

const judged = (seen: Outage, counts?: Counts) =>
  Object.fromEntries(
    outageWithRetries.judge(historyOf(seen), factsWith(counts)).map((finding) => [finding.check, finding]),
  );

const BELOW = 'stays closed below, counting attempts';
const OPENS = 'opens at the threshold, counting attempts';
const REFUSES = 'refuses while open, counting attempts';
const TRIAL = 'admits its trial, counting attempts';
const REOPENS = 'reopens for a full timeout, counting attempts';

test('the cases are the phases of the plan', () => {
  expect(outageWithRetries.cases?.(factsWith())?.map(({ check }) => check)).toEqual([
    BELOW,
    OPENS,
    REFUSES,
    TRIAL,
    REOPENS,
  ]);
  const { proof, ...others } = factsWith();
  expect(outageWithRetries.cases?.({ ...others, proof: { ...proof, plan: [] } })).toEqual([]);
  expect(outageWithRetries.judge(new History([]), factsWith())).toEqual([]);
});

const CALLS = [
  [502, 3],
  [502, 3],
  [502, 3],
  [502, 3],
  [502, 3],
  [503, 0],
] as const;

test.each<[string, Outage, Counts]>([
  ['counts attempts', {}, 'attempts'],
  ['counts attempts, which the contract does not say', {}, undefined],
  ['counts calls', { opening: CALLS, trials: 3 }, 'calls'],
  ['counts calls, which the contract does not say', { opening: CALLS, trials: 3 }, undefined],
])('a breaker passes that %s', (_, seen, counts) => {
  expect(Object.values(judged(seen, counts)).map(({ verdict }) => verdict)).toEqual(Array(5).fill('PASS'));
});

test.each<[string, string, Outage, Counts, Verdict]>([
  ['refuses a call before the threshold', BELOW, { success: 503 }, undefined, 'FAIL'],
  ['never opens', OPENS, { opening: CALLS.slice(0, -1) }, undefined, 'FAIL'],
  [
    'opens early',
    OPENS,
    {
      opening: [
        [502, 3],
        [503, 0],
      ],
    },
    undefined,
    'FAIL',
  ],
  ['counts calls instead of attempts', OPENS, { opening: CALLS }, 'attempts', 'FAIL'],
  ['counts attempts instead of calls', OPENS, {}, 'calls', 'FAIL'],
  ['lets a call through', REFUSES, { leaked: 1 }, undefined, 'FAIL'],
  ['refuses with another status', REFUSES, { open: [503, 500] }, undefined, 'FAIL'],
  ['never opens, so that refusals prove nothing', REFUSES, { opening: CALLS.slice(0, -1) }, undefined, 'INCONCLUSIVE'],
  ['gets no call while it is open', REFUSES, { open: [] }, undefined, 'INCONCLUSIVE'],
  ['admits two trials', TRIAL, { trials: 2 }, 'attempts', 'FAIL'],
  ['admits no trial', TRIAL, { trials: 0 }, 'attempts', 'INCONCLUSIVE'],
  ['reopens for half as long', REOPENS, { next: 1_000 }, undefined, 'FAIL'],
  ['reopens for twice as long', REOPENS, { next: 4_000 }, undefined, 'FAIL'],
  ['makes no trial', REOPENS, { trials: 0 }, undefined, 'INCONCLUSIVE'],
])('a breaker that %s: %s', (_, check, seen, counts, verdict) => {
  expect(judged(seen, counts)[check]).toMatchObject({ verdict });
});

test('calls may make fewer attempts after failures of which the contract does not promise all', () => {
  const { contract, ...others } = factsWith('calls');
  const { groq } = contract.upstreams;
  const calls = { attempts: 3, never: [], hints: [] };
  const facts = {
    ...others,
    contract: { ...contract, upstreams: { ...contract.upstreams, groq: { ...groq, calls } } },
  };
  const once = CALLS.map(([status, requests]) => [status, Math.min(requests, 1)] as const);
  const verdicts = (of: Facts) =>
    outageWithRetries.judge(historyOf({ opening: once }), of).map(({ verdict }) => verdict);
  expect(verdicts(facts)[1]).toBe('PASS');
  expect(verdicts(factsWith('calls'))[1]).toBe('FAIL');
});

test('the evidence names the threshold and the attempts', () => {
  expect(judged({ opening: CALLS.slice(0, -1) })[OPENS]).toMatchObject({
    expected: '5 to 15 requests reach groq until a call does not',
    observed: '15 requests for 5 calls, then it was still closed',
    evidence: [
      'the threshold is 5, and each call makes up to 3 attempts',
      'it never opens: does it count failures that are repeated?',
    ],
  });
});
