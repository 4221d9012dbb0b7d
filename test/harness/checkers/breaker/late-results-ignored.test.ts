import { expect, test } from 'vitest';
import { lateResultsIgnored } from '../../../../harness/checkers/breaker/late-results-ignored.ts';
import type { Facts } from '../../../../harness/checkers/lib/checker.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, receipt, request, requests, SILENCE, STRAY, verdicts } from '../../../support/history.ts';

/** The tags of the phases. */
const [LATE, BESIDE, AFTER, HALF_OPEN, CLOSED] = ['1', '2', '3', '4', '5'] as const;
const ENDPOINT = { endpoint: 'conversation-end' };
const tags = (phase: string, about: string) => ({ phase, about, ...ENDPOINT });

interface Late {
  late?: number;
  lateMs?: number;
  /** How many of these milliseconds the caller spends waiting for another upstream after this one. */
  elsewhereMs?: number;
  later?: number;
  laterMs?: number;
  /** When the trial arrives, and how long it takes. */
  trial?: number;
  trialMs?: number;
  arrived?: number;
  /** The statuses of the probes, and how many of them reach the upstream. */
  open?: number;
  openLeaked?: number;
  halfOpen?: number;
  halfOpenAt?: number;
  halfOpenLeaked?: number;
  closed?: number;
  closedReached?: number;
  /** When a call alongside the trial is still rejected, in milliseconds. */
  refusedAt?: number;
}

/** Two late calls, five failures at 100 ms that open the breaker, and a trial from 2.2 s to 3.7 s. */
function opening(
  action: 'late successes' | 'late failures',
  { late, lateMs = 1_000, later, laterMs = 3_200, ...rest }: Late,
) {
  const { trial = 2_200, trialMs = 1_500, arrived = 1, refusedAt = 2_150, elsewhereMs = 0 } = rest;
  return [
    begun(1, { action, breaker: 'llm' }, 0, 0),
    request(20, lateMs, late ?? 0, tags(LATE, 'late')),
    request(40, laterMs, later ?? 0, tags(LATE, 'later')),
    receipt(1, 21, lateMs - 2 - elsewhereMs, 'groq', ['f1:latency']),
    receipt(2, 41, laterMs - 2, 'groq', ['f2:latency']),
    ...requests(5, 100, 0, 502, tags(LATE, 'failure')).map((call) => ({ ...call, ms: 10 })),
    begun(2, { when: 'trial beside', of: 1 }, 1_100, 10),
    request(refusedAt, 5, 503, tags(BESIDE, 'trial')),
    ...Array.from({ length: arrived }, (_, index) => receipt(11 + index, trial, trialMs, 'groq', ['f3:latency'])),
  ];
}

function successes(how: Late): History {
  const { open = 503, openLeaked = 0, halfOpen = 503, halfOpenAt = 3_300, halfOpenLeaked = 0, ...rest } = how;
  const trials = rest.arrived ?? 1;
  const [first, ...others] = opening('late successes', { late: 201, later: 201, ...rest });
  const beside = others.findIndex((event) => event.type === 'phase');
  return new History([
    ...[first, ...others.slice(0, beside)].flatMap((event) => event ?? []),
    begun(3, { when: 'after', of: 1 }, 1_050, 7),
    ...requests(3, 1_051, 5, open, tags(AFTER, 'probe')),
    ...Array.from({ length: openLeaked }, (_, index) => receipt(8 + index, 1_052, 1, 'groq')),
    ...others.slice(beside),
    begun(4, { when: 'half-open after', of: 1 }, 3_250, 10 + trials),
    ...requests(3, halfOpenAt, 5, halfOpen, tags(HALF_OPEN, 'probe')),
    ...Array.from({ length: halfOpenLeaked }, (_, index) => receipt(11 + trials + index, halfOpenAt + 1, 1, 'groq')),
    STRAY,
  ]);
}

function failures({ closed = 201, closedReached = 3, ...rest }: Late): History {
  return new History([
    ...opening('late failures', { late: 502, later: 502, ...rest }),
    begun(5, { when: 'closed after', of: 1 }, 3_800, 11),
    ...requests(3, 3_801, 5, closed, tags(CLOSED, 'probe')),
    ...Array.from({ length: closedReached }, (_, index) => receipt(12 + index, 3_802, 1, 'groq')),
    STRAY,
  ]);
}

function judged(history: History, ...checks: string[]) {
  const found = verdicts(lateResultsIgnored.judge(history, facts()));
  return checks.map((check) => found[`${check}: llm`]);
}

test('with 100 ms of noise, a call may have arrived 100 ms later after the trial', () => {
  const history = successes({ halfOpenAt: 3_600, halfOpenLeaked: 3 });
  const check = 'a late success does not count as a trial: llm';
  const noisy = { ...facts(), noise: { ...SILENCE, loopbackMs: 100 } };
  expect(verdicts(lateResultsIgnored.judge(history, facts()))[check]).toBe('FAIL');
  expect(verdicts(lateResultsIgnored.judge(history, noisy))[check]).toBe('INCONCLUSIVE');
});

test('a call that is rejected during the trial needs no exact times', () => {
  const noisy = { ...facts(), noise: { ...SILENCE, loopbackMs: 380 } };
  const check = 'a late success does not count as a trial: llm';
  expect(verdicts(lateResultsIgnored.judge(successes({}), noisy))[check]).toBe('PASS');
  expect(verdicts(lateResultsIgnored.judge(successes({ halfOpenAt: 3_650 }), noisy))[check]).toBe('INCONCLUSIVE');
});

const COUNTED = 'calls count during the trial: 1.50 s minus 50 ms of tolerance: 1.45 s';

test('callers who wait for the trial show that the breaker is not closed', () => {
  const check = 'a late success does not count as a trial: llm';
  const { contract, ...rest } = facts();
  const llm = { ...contract.breakers.llm, duringTrial: 'wait' } as (typeof contract.breakers)[string];
  const waiting = { ...rest, contract: { ...contract, breakers: { ...contract.breakers, llm } } };
  const history = successes({ halfOpenAt: 3_650 });
  const found = (given: Facts) => lateResultsIgnored.judge(history, given).find((finding) => finding.check === check);
  expect(found(waiting)).toMatchObject({
    evidence: ['no call waited while the trial was certainly in progress', COUNTED],
    verdict: 'INCONCLUSIVE',
  });
  expect(found(facts())?.evidence).toEqual(['no call was refused while the trial was certainly in progress', COUNTED]);
  history.add(request(3_260, 500, 201, tags(HALF_OPEN, 'probe')));
  expect(verdicts(lateResultsIgnored.judge(history, waiting))[check]).toBe('PASS');
});

test.each<[string, Late, string[]]>([
  ['are ignored', {}, ['PASS', 'PASS']],
  ['close an open breaker', { open: 201, openLeaked: 3 }, ['FAIL', 'PASS']],
  ['let one call through', { openLeaked: 1 }, ['FAIL', 'PASS']],
  ['were followed by another answer than a refusal', { halfOpen: 500 }, ['PASS', 'INCONCLUSIVE']],
  ['close a breaker that tries', { halfOpen: 201, halfOpenLeaked: 3 }, ['PASS', 'FAIL']],
  [
    'are followed by probes only once the trial has ended',
    { halfOpenAt: 3_650, halfOpenLeaked: 3 },
    ['PASS', 'INCONCLUSIVE'],
  ],
  ['came before the breaker opened', { lateMs: 50 }, ['INCONCLUSIVE', 'INCONCLUSIVE']],
  // This happened at a load average of 23: the caller got its response after the failures because it waited for another
  // upstream.
  [
    'came before the breaker opened, and were answered after',
    { lateMs: 150, elsewhereMs: 70, open: 201, openLeaked: 3 },
    ['INCONCLUSIVE', 'INCONCLUSIVE'],
  ],
  ['were none', { late: 502, later: 502 }, ['INCONCLUSIVE', 'INCONCLUSIVE']],
  ['came before the trial', { laterMs: 2_100 }, ['PASS', 'INCONCLUSIVE']],
  ['came after the trial', { laterMs: 3_700 }, ['PASS', 'INCONCLUSIVE']],
  ['met no trial', { arrived: 0 }, ['PASS', 'INCONCLUSIVE']],
  ['met two', { arrived: 2 }, ['PASS', 'INCONCLUSIVE']],
])('late successes that %s', (_, how, expected) => {
  expect(
    judged(successes(how), 'a late success does not close it', 'a late success does not count as a trial'),
  ).toEqual(expected);
});

test.each<[string, Late, string[]]>([
  ['are ignored', {}, ['PASS', 'PASS']],
  ['prolong the opening', { trial: 3_100, refusedAt: 3_050 }, ['FAIL', 'PASS']],
  ['are followed by a trial as late as a busy machine may be', { trial: 2_600 }, ['PASS', 'PASS']],
  ['are followed by a trial that nobody asked for in time', { trial: 2_700 }, ['INCONCLUSIVE', 'PASS']],
  ['came before the breaker opened', { lateMs: 50 }, ['INCONCLUSIVE', 'INCONCLUSIVE']],
  ['came after the recovery timeout', { lateMs: 2_050 }, ['INCONCLUSIVE', 'PASS']],
  ['were not answered', { late: 0, later: 0 }, ['INCONCLUSIVE', 'INCONCLUSIVE']],
  ['are followed by another answer than a refusal', { trial: 2_700, refusedAt: 2_100 }, ['INCONCLUSIVE', 'PASS']],
  ['end without an answer during the trial', { later: 0 }, ['PASS', 'INCONCLUSIVE']],
  ['are followed by calls that are not served', { closed: 500 }, ['PASS', 'FAIL']],
  ['fail the trial', { closed: 503, closedReached: 0 }, ['PASS', 'FAIL']],
  ['leave it half-open', { closed: 201, closedReached: 1 }, ['PASS', 'FAIL']],
  ['are followed by calls without an answer', { closed: 0 }, ['PASS', 'FAIL']],
  ['came after the trial', { laterMs: 3_700 }, ['PASS', 'INCONCLUSIVE']],
  ['met no trial', { arrived: 0 }, ['INCONCLUSIVE', 'INCONCLUSIVE']],
])('late failures that %s', (_, how, expected) => {
  expect(
    judged(failures(how), 'a late failure does not extend the open period', 'a late failure does not count as a trial'),
  ).toEqual(expected);
});

test('reports the observed values', () => {
  const observedIn = (history: History) =>
    Object.fromEntries(lateResultsIgnored.judge(history, facts()).map(({ check, observed }) => [check, observed]));
  expect(observedIn(successes({}))['a late success does not count as a trial: llm']).toBe('0 reached it: 3 × 503');
  expect(observedIn(failures({}))).toMatchObject({
    'a late failure does not extend the open period: llm': '2.09 s',
    'a late failure does not count as a trial: llm': '3 of 3 served, 3 reached it',
  });
  expect(
    observedIn(failures({ trial: 3_100, refusedAt: 3_050 }))['a late failure does not extend the open period: llm'],
  ).toBe('a call was still refused after 2.94 s');
});

test('without calls after a trial, it is INCONCLUSIVE', () => {
  const events = failures({})
    .inOrder()
    .filter((event) => event.type !== 'request' || event.tags.about !== 'probe');
  expect(judged(new History(events), 'a late failure does not count as a trial')).toEqual(['INCONCLUSIVE']);
});

test('if any number of trials is allowed, calls beside a trial prove nothing', () => {
  const { contract, ...rest } = facts();
  const llm = { ...contract.breakers.llm, trials: 'any' };
  const any = { ...rest, contract: { ...contract, breakers: { ...contract.breakers, llm } } } as ReturnType<
    typeof facts
  >;
  const found = verdicts(lateResultsIgnored.judge(successes({ halfOpen: 201, halfOpenLeaked: 3 }), any));
  expect(found).not.toHaveProperty('a late success does not count as a trial: llm');
  expect(found).toHaveProperty('a late success does not count as a trial: memory');
});
