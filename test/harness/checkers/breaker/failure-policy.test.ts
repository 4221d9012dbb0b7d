import { expect, test } from 'vitest';
import { failurePolicy } from '../../../../harness/checkers/breaker/failure-policy.ts';
import type { PhaseData } from '../../../../harness/contract/phases.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { promisedCalls } from '../../../../mocks/promised-calls.ts';
import { begun, facts, receipt, request, requests, STRAY } from '../../../support/history.ts';

const FAULT = ['f1:mix/reset'];

/** What follows a row of failures: the number of probes, their status, and how many of them reach the upstream. */
interface After {
  leaked?: number;
  refusal?: number;
  probes?: number;
  /** How many milliseconds after the row they are sent. */
  later?: number;
}

function after(receipts: number, { leaked = 0, refusal = 503, probes = 3, later = 0 }: After) {
  return [
    begun(2, { when: 'after', of: 1 }, 1_000, receipts),
    ...requests(probes, 1_001 + later, 5, refusal, { phase: '2' }),
    ...Array.from({ length: leaked }, (_, index) => receipt(receipts + index + 1, 1_001 + later, 1, 'groq')),
    begun(3, { when: 'recovery from', of: 1 }, 9_000, receipts + leaked),
    STRAY,
  ];
}

const judged = (events: HistoryEvent[]) => failurePolicy.judge(new History(events), facts())[0];
const verdictOf = (events: HistoryEvent[]) => judged(events)?.verdict;

const arrivals = (n: number, faults = FAULT) =>
  Array.from({ length: n }, (_, index) => receipt(index + 1, 10 + index * 10, 5, 'groq', faults));

/** Five calls, `reached` of which reach the upstream, followed by the probes. */
function row({
  faults = ['reset', 'cut 10'],
  calls = 5,
  reached = 5,
  ...then
}: After & { faults?: string[]; calls?: number; reached?: number }) {
  return [
    begun(1, { action: 'row', breaker: 'llm', faults }, 0, 0),
    ...requests(calls, 10, 10, 502, { phase: '1' }),
    ...arrivals(reached),
    ...after(reached, then),
  ];
}

test.each<[string, HistoryEvent[], string]>([
  ['opens the breaker', row({}), 'PASS'],
  ['leaves it closed', row({ leaked: 3, refusal: 201 }), 'FAIL'],
  ['lets one call through', row({ leaked: 1 }), 'FAIL'],
  ['is followed by another answer than a refusal', row({ refusal: 500 }), 'FAIL'],
  ['is followed by no call', row({ probes: 0 }), 'INCONCLUSIVE'],
  ['is followed by calls without an answer', row({ refusal: 0 }), 'FAIL'],
  ['is followed by calls that may be trials', row({ leaked: 1, later: 2_000 }), 'INCONCLUSIVE'],
  ['is followed by refusals after the recovery timeout', row({ later: 1_950 }), 'INCONCLUSIVE'],
  ['is too short', row({ calls: 4, reached: 4 }), 'INCONCLUSIVE'],
  ['did not reach the upstream', row({ reached: 4 }), 'INCONCLUSIVE'],
  ['was refused before it arrived', row({ faults: ['refuse'], reached: 0 }), 'PASS'],
  ['was to be refused, and arrived', row({ faults: ['refuse'], reached: 5 }), 'INCONCLUSIVE'],
])('a row of failures that %s', (_, events, expected) => {
  expect(verdictOf(events)).toBe(expected);
});

test('names the breaker and the kinds of a row', () => {
  expect(judged(row({}))).toMatchObject({
    check: 'counts as failures for llm: reset, cut 10',
    requests: [{ phase: '1' }, { phase: '2' }],
    evidence: ['in "row of llm: reset, cut 10" 5 reached groq'],
    observed: '5 calls failed, then 0 of 3 calls reached it: 3 × 503',
  });
});

test('a single kind that leaves the breaker closed is not counted', () => {
  expect(judged(row({ faults: ['hang'], leaked: 3, refusal: 201 }))?.usually).toBe(
    'Not counted as a failure: hang. After 5 of it alone, calls still reach groq.',
  );
  expect(judged(row({ faults: ['hang'], refusal: 500 }))).toMatchObject({ verdict: 'FAIL' });
  expect(judged(row({ faults: ['hang'], refusal: 500 }))).not.toHaveProperty('usually');
});

const RETRIED: PhaseData = { action: 'row with retries', breaker: 'llm', faults: ['status 503'] };

/** Five calls one after another that fail with all attempts, `reached` of which reach the upstream. */
function repeated({ calls = 5, reached = 15, ...then }: After & { calls?: number; reached?: number }) {
  return [
    begun(1, RETRIED, 0, 0),
    ...requests(calls, 10, 10, 502, { phase: '1' }),
    ...arrivals(reached),
    ...after(reached, then),
  ];
}

test.each<[string, HistoryEvent[], string]>([
  ['opens a breaker that counts calls', repeated({}), 'PASS'],
  ['opens a breaker that counts attempts', repeated({ reached: 5 }), 'PASS'],
  ['leaves it closed', repeated({ leaked: 9, refusal: 502 }), 'FAIL'],
  ['did not reach the upstream', repeated({ reached: 4 }), 'INCONCLUSIVE'],
  ['is too short', repeated({ calls: 4 }), 'INCONCLUSIVE'],
])('a row of failures that are repeated, and which %s', (_, events, expected) => {
  expect(judged(events)).toMatchObject({
    check: 'counts as failures, with retries, for llm: status 503',
    verdict: expected,
  });
});

const counting = (counts: 'calls' | 'attempts', events: HistoryEvent[]) => {
  const { contract, ...rest } = facts();
  const { llm } = contract.breakers;
  const groq = { ...contract.upstreams.groq, calls: promisedCalls.parse({ attempts: 3, on: ['5xx'] }) };
  const changed = { ...contract, breakers: { llm: { ...llm, counts } }, upstreams: { groq } } as typeof contract;
  return failurePolicy.judge(new History(events), { ...rest, contract: changed })[1];
};

test.each<['calls' | 'attempts', HistoryEvent[], string, string]>([
  ['attempts', repeated({ reached: 5 }), '5 attempts, then 0', 'PASS'],
  ['attempts', repeated({ reached: 6 }), '5 attempts, then 1', 'FAIL'],
  ['attempts', repeated({ reached: 15 }), '5 attempts, then 10', 'FAIL'],
  ['attempts', repeated({ reached: 4 }), '4 attempts, then 0', 'FAIL'],
  ['attempts', repeated({ reached: 4, calls: 4 }), '4 attempts, then 0', 'INCONCLUSIVE'],
  ['calls', repeated({ reached: 15 }), '15 attempts, then 0', 'PASS'],
  ['calls', repeated({ reached: 5 }), '5 attempts, then 0', 'FAIL'],
])('a breaker that counts %s', (counts, events, observed, verdict) => {
  expect(counting(counts, events)).toMatchObject({ check: `counts ${counts} for llm: status 503`, observed, verdict });
});

test.each<['calls' | 'attempts', number, RegExp]>([
  ['calls', 5, /^The breaker counts attempts instead of calls/],
  ['attempts', 15, /^The breaker counts calls instead of attempts/],
])('says on which side of the retries a breaker lies that does not count %s', (counts, reached, usually) => {
  expect(counting(counts, repeated({ reached }))?.usually).toMatch(usually);
  expect(counting(counts, repeated({ reached: 6 }))?.usually).toBeUndefined();
});

test('an attempt that may be a trial proves nothing about the attempts before it', () => {
  const failed = [begun(1, RETRIED, 0, 0), ...requests(5, 10, 10, 502, { phase: '1' }), ...arrivals(5)];
  const trial = [receipt(6, 2_100, 5, 'groq', FAULT), begun(2, { when: 'after', of: 1 }, 9_000, 6)];
  expect(counting('attempts', [...failed, ...trial])).toMatchObject({ verdict: 'INCONCLUSIVE' });
});

/** Four failures, one call for each of two ignored kinds, and another failure. `reached` of them reach the upstream. */
function ignored({
  reached = 7,
  calls = 7,
  status = 502,
  ...then
}: After & Partial<Record<'reached' | 'calls' | 'status', number>>) {
  return [
    begun(1, { action: 'ignored', breaker: 'llm', faults: ['status 400', 'status 404'] }, 0, 0),
    ...requests(calls, 10, 10, status, { phase: '1' }),
    ...arrivals(reached),
    ...after(reached, then),
  ];
}

test.each<[string, HistoryEvent[], string]>([
  ['neither count nor end a row', ignored({}), 'PASS'],
  ['count', ignored({ reached: 5 }), 'FAIL'],
  ['end a row', ignored({ leaked: 3, refusal: 201 }), 'FAIL'],
  ['were called again', ignored({ reached: 8 }), 'INCONCLUSIVE'],
  ['were not all called', ignored({ calls: 6, reached: 6 }), 'INCONCLUSIVE'],
  ['were not answered', ignored({ reached: 5, status: 0 }), 'FAIL'],
])('ignored kinds that %s', (_, events, expected) => {
  expect(verdictOf(events)).toBe(expected);
});

test.each([
  [5, 'status 400'],
  [6, 'status 404'],
  [4, 'a failure'],
])('reports after which kind nothing arrived any more (%i arrived)', (reached, kind) => {
  expect(judged(ignored({ reached }))?.observed).toContain(`it opened after ${kind}: `);
});

/** Three rows of four failures, each followed by a good call. The first two good calls have harmless faults. */
function harmless({ reached = 15, good = 201, last = 201, failed = 502, rows = 3 }) {
  const about = ['split-chunks', 'latency 50', 'no fault'];
  return [
    begun(1, { action: 'harmless', breaker: 'llm', faults: about.slice(0, -1) }, 0, 0),
    ...about
      .slice(0, rows)
      .flatMap((kind, index) => [
        ...requests(4, index * 100, 10, failed, { phase: '1', about: 'failure', endpoint: 'conversation-end' }),
        request(index * 100 + 50, 10, kind === 'no fault' ? last : good, { phase: '1', about: kind }),
      ]),
    ...arrivals(reached),
    begun(2, { action: 'steady again' }, 1_000, reached),
  ];
}

test.each<[string, HistoryEvent[], string]>([
  ['are served and end a row', harmless({}), 'PASS'],
  ['are not served', harmless({ good: 502 }), 'FAIL'],
  ['are served, and end no row', harmless({ reached: 9, last: 503 }), 'FAIL'],
  ['keep a failure from the upstream', harmless({ reached: 14 }), 'FAIL'],
  ['were called again', harmless({ reached: 16 }), 'INCONCLUSIVE'],
  ['met an open breaker from the beginning', harmless({ reached: 0, good: 503, last: 503 }), 'INCONCLUSIVE'],
  ['were not answered', harmless({ good: 0 }), 'FAIL'],
  ['came among failures without an answer', harmless({ failed: 0 }), 'PASS'],
  ['were not all tried', harmless({ rows: 2, reached: 10 }), 'INCONCLUSIVE'],
])('harmless kinds and %s', (_, events, expected) => {
  expect(verdictOf(events)).toBe(expected);
});

test('says what must hold after the failures of a row that a harmless call ends', () => {
  expect(judged(harmless({}))).toMatchObject({
    requests: [{ phase: '1' }],
    expected: 'each is served after 4 failures, and counts as a success: all reach groq',
    evidence: [],
  });
});

test('reports which of the harmless kinds was not served', () => {
  expect(judged(harmless({ good: 502 }))).toMatchObject({
    observed: '1 of 3 served; 15 of 15 calls reached it',
    evidence: ['split-chunks got 502', 'latency 50 got 502'],
  });
});

test('a kind that is counted although it is ignored is the cause', () => {
  expect(judged(ignored({ reached: 5 }))?.usually).toMatch(/^The breaker counts status 400 as a failure, although/);
  expect(judged(ignored({ reached: 4 }))).not.toHaveProperty('usually');
});

test('reports the ignored kinds and their results', () => {
  expect(judged(ignored({}))).not.toHaveProperty('evidence');
  expect(judged(ignored({ leaked: 3, refusal: 201 }))?.evidence).toEqual([
    'if calls still reached it, one of these resets the count, or the last failure did not count',
  ]);
  expect(judged(ignored({}))).toMatchObject({
    check: 'ignored by llm: status 400, status 404',
    requests: [{ phase: '1' }, { phase: '2' }],
    expected: 'they change nothing between failures 4 and 5: every call reaches groq, and none after failure 5',
    observed: '7 of 7 calls reached it, then 0 of 3 calls reached it: 3 × 503',
  });
});

/** The trial meets an ignored failure, and is followed by calls until one is served. */
const ignoredTrial = ({ met = ['f1:status'], calls = 40, seconds = 4.2, arrives = false }): HistoryEvent[] => [
  ...ignored({}).filter((event) => event.type !== 'phase' || event.id !== 3),
  begun(3, { action: 'trial', breaker: 'llm', fault: 'status 400' }, 3_000, 10),
  receipt(11, 3_010, 10, 'groq', met),
  begun(4, { when: 'recovery from', of: 1 }, 3_030, 11),
  ...requests(calls, 3_040, (seconds * 1_000) / calls, 503, { phase: '4' }),
  ...(arrives ? [receipt(12, 7_000, 5, 'groq')] : []),
];

test.each<[string, Parameters<typeof ignoredTrial>[0], string]>([
  ['is followed by another one', { arrives: true }, 'PASS'],
  ['is the last one', {}, 'FAIL'],
  ['is followed by calls that may come before the next one', { seconds: 2.4 }, 'INCONCLUSIVE'],
  ['met nothing', { met: [] }, 'INCONCLUSIVE'],
])('a trial with an ignored failure that %s', (_, given, verdict) => {
  const found = failurePolicy.judge(new History(ignoredTrial(given)), facts());
  expect(found[1]).toMatchObject({ check: 'a trial with status 400 does not keep llm half-open', verdict });
});

const TRIAL = 'a trial with status 429 reopens llm';

/** A refused call, and then the trial, which reaches the upstream and fails, followed by the probes. */
const failedTrial = ({
  met = 1,
  isOpen = true,
  ...then
}: After & { met?: number; isOpen?: boolean }): HistoryEvent[] => [
  begun(1, { action: 'failed trial', breaker: 'llm', fault: 'status 429' }, 0, 0),
  ...(isOpen ? [request(10, 5, 503, { phase: '1', about: 'trial' })] : []),
  request(50, 10, 502, { phase: '1', about: 'trial' }),
  receipt(1, 52, 5, 'groq', met === 1 ? ['f1:status'] : []),
  ...after(1, then),
];

test.each<[string, HistoryEvent[], string]>([
  ['reopens the breaker', failedTrial({}), 'PASS'],
  ['closes the breaker', failedTrial({ leaked: 3, refusal: 201 }), 'FAIL'],
  ['is followed by another trial at once', failedTrial({ leaked: 1, refusal: 502 }), 'FAIL'],
  ['did not fail', failedTrial({ met: 0 }), 'INCONCLUSIVE'],
  ['is no trial, because the breaker was closed', failedTrial({ isOpen: false, leaked: 3 }), 'INCONCLUSIVE'],
  ['is followed by no call', failedTrial({ probes: 0 }), 'INCONCLUSIVE'],
  ['is followed by calls that may be trials', failedTrial({ leaked: 1, later: 2_000 }), 'INCONCLUSIVE'],
])('a trial with a listed failure that %s', (_, events, expected) => {
  expect(judged(events)).toMatchObject({ check: TRIAL, verdict: expected });
});

test('names the failure that closes the breaker as the result of a trial, and the failures that were not tried', () => {
  const finding = judged(failedTrial({ leaked: 3, refusal: 201 }));
  expect(finding?.usually).toMatch(/^status 429 as the result of a trial closes the breaker/);
  expect(finding?.evidence).toContainEqual(
    expect.stringMatching(/^not tried here as the result of a trial: hang, status 500, reset,/),
  );
});

/** Calls that fail with three attempts, until one is rejected because the breaker counts attempts and has opened. */
const untilRejected = (calls: number, reached: number): HistoryEvent[] => [
  begun(1, RETRIED, 0, 0),
  ...requests(calls, 10, 10, 502, { phase: '1' }),
  ...arrivals(reached),
  request(700, 5, 503, { phase: '1' }),
  ...after(reached, {}),
];

test.each<[string, number, number, string]>([
  ['after as many attempts as promised', 2, 5, 'PASS'],
  ['after fewer attempts', 1, 3, 'FAIL'],
])('a breaker that opens between retries, %s', (_, calls, reached, verdict) => {
  expect(judged(untilRejected(calls, reached))).toMatchObject({
    check: 'counts as failures, with retries, for llm: status 503',
    verdict,
  });
});
