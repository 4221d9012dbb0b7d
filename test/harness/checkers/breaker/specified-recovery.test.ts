import { expect, test } from 'vitest';
import { specifiedRecovery } from '../../../../harness/checkers/breaker/specified-recovery.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { facts, metric, receipt, request, verdicts } from '../../../support/history.ts';

/** The breaker `llm` of a contract that promises a recovery timeout of this many seconds. */
function factsFor(recoverySeconds: number, contract: object = {}) {
  const { numbers, ...given } = facts();
  const breakers = { llm: { threshold: 5, recoverySeconds } };
  return { ...given, contract: { ...given.contract, ...contract }, numbers: { ...numbers, breakers } };
}

const endpoint = 'conversation-end';
const refusal = { phase: '1', about: 'recovery of llm', endpoint };

/** What a service does. All times are in milliseconds; the breaker opens 100 ms after the history begins. */
interface Seen {
  recoverySeconds?: number;
  /** How many of the failures reach the upstream, and how many are sent. */
  reached?: number;
  failures?: number;
  /** The status of the failures, and of the call after them. */
  failing?: number;
  after?: number;
  /** The Retry-After of that call. */
  retryAfter?: number | undefined;
  /** When the last of the calls comes that look at the open breaker, the status of the last one, and its arrivals. */
  until?: number;
  look?: number;
  leaks?: number;
  /** The calls after the recovery timeout: when they come, and whether they reach the upstream. */
  trials?: readonly (readonly [at: number, reaches: boolean])[];
}

function events(seen: Seen): HistoryEvent[] {
  const { reached = 5, failures = 5, failing = 502, after = 503, retryAfter = 60, until = 13_000 } = seen;
  const tags = { phase: '2', about: 'failure of llm', endpoint };
  const look = { phase: '1', about: 'look at llm', endpoint };
  const trial = { phase: '3', about: 'trial of llm', endpoint };
  const { leaks = 0, trials = [] } = seen;
  return [
    ...Array.from({ length: failures }, (_, index) => request(index * 20, 20, failing, tags)),
    ...Array.from({ length: reached }, (_, index) => receipt(index + 1, (index % 5) * 20 + 5, 5, 'groq', ['status'])),
    request(100, 5, after, refusal),
    ...(after === 503 ? [metric('retry_after_seconds', 105, retryAfter, refusal)] : []),
    ...Array.from({ length: 5 }, (_, index) => request((until * (index + 1)) / 6, 5, 503, look)),
    request(until + 100, 5, seen.look ?? 503, look),
    ...Array.from({ length: leaks }, (_, index) => receipt(20 + index, until + 101, 3, 'groq')),
    ...trials.map(([at]) => request(at + 100, 5, 201, trial)),
    ...trials.flatMap(([at, reaches], index) => (reaches ? [receipt(40 + index, at + 102, 1, 'groq')] : [])),
  ];
}

const judged = (seen: Seen = {}, contract: object = {}) =>
  specifiedRecovery.judge(new History(events(seen)), factsFor(seen.recoverySeconds ?? 60, contract));

const OPENS = 'opens as specified: llm';
const SAYS = 'says how long it stays open: llm';
const STAYS = 'stays open while watched: llm';
const RECOVERS = 'recovers as specified: llm';
const PASS = { [OPENS]: 'PASS', [SAYS]: 'PASS', [STAYS]: 'PASS' };

test('tells what was observed, and no more', () => {
  expect(verdicts(judged())).toEqual(PASS);
  expect(judged().map(({ expected, observed }) => `${expected}: ${observed}`)).toEqual([
    '5 failures reach groq, and the next call is refused: 5 of 5 calls reached it; the next one got 503',
    'Retry-After of 60 s minus the time since it opened: 60 s; 0 of 1 value wrong',
    '503 for at least 12 s of the 60 s, and no call reaches groq: 6 × 503, the last 13.0 s after it opened; 0 reached groq',
  ]);
});

test.each([
  ['opens one failure early', { reached: 4 }, { [OPENS]: 'FAIL' }],
  ['is not open after the failures', { after: 502 }, { [OPENS]: 'FAIL', [SAYS]: 'INCONCLUSIVE' }],
  ['calls more often than it is called', { reached: 6 }, { [OPENS]: 'INCONCLUSIVE' }],
  ['was not called often enough', { failures: 4, reached: 4 }, { [OPENS]: 'INCONCLUSIVE' }],
  ['gave no answer', { failing: 0 }, {}],
  ['has a limit that is used up by the failures', { failing: 429, reached: 0 }, { [OPENS]: 'INCONCLUSIVE' }],
  ['has a limit that is used up after them', { after: 429 }, { [OPENS]: 'INCONCLUSIVE', [SAYS]: 'INCONCLUSIVE' }],
  ['serves a call after a while', { look: 201 }, { [STAYS]: 'FAIL' }],
  ['lets a call through that is refused elsewhere', { leaks: 1 }, { [STAYS]: 'FAIL' }],
  ['was watched just long enough', { until: 12_100 }, {}],
  ['was not watched for long enough', { until: 11_900 }, { [STAYS]: 'INCONCLUSIVE' }],
] as [string, Seen, object][])('judges a breaker that %s', (_, seen, expected) => {
  expect(verdicts(judged(seen))).toEqual({ ...PASS, ...expected });
});

test('a used-up limit says nothing about the breaker', () => {
  expect(judged({ after: 429 })[0]?.evidence).toEqual(['the limit of this endpoint is used up']);
  const only = events({}).filter((event) => event.type !== 'request' || event.tags.about !== 'look at llm');
  const limited = request(13_000, 5, 429, { about: 'look at llm', endpoint });
  const [, , stays] = specifiedRecovery.judge(new History([...only, limited]), factsFor(60));
  expect(stays).toMatchObject({ verdict: 'INCONCLUSIVE', evidence: ['the limit of this endpoint is used up'] });
});

test.each([
  [60, 'PASS'],
  [59, 'PASS'],
  [58, 'FAIL'],
  [61, 'FAIL'],
  [2, 'FAIL'],
  [-1, 'FAIL'],
])('a first Retry-After of %d s, if the recovery timeout is 60 s, gives %s', (retryAfter, verdict) => {
  expect(verdicts(judged({ retryAfter }))[SAYS]).toBe(verdict);
});

test.each([
  ['in time', { trials: [[4_500, true]] }, 'PASS'],
  [
    'after another call',
    {
      trials: [
        [4_500, false],
        [5_000, true],
      ],
    },
    'PASS',
  ],
  [
    'late',
    {
      trials: [
        [4_500, false],
        [5_000, false],
        [5_500, true],
      ],
    },
    'FAIL',
  ],
  [
    'never',
    {
      trials: [
        [4_500, false],
        [5_000, false],
      ],
    },
    'FAIL',
  ],
  ['perhaps', { trials: [[4_500, false]] }, 'INCONCLUSIVE'],
  ['unseen', { trials: [] }, 'INCONCLUSIVE'],
] as [string, Seen, string][])('a short recovery timeout is waited for: a trial that comes %s', (_, seen, verdict) => {
  const short = { recoverySeconds: 4, retryAfter: 4, until: 3_600 };
  expect(verdicts(judged({ ...short, ...seen }))).toEqual({ ...PASS, [RECOVERS]: verdict });
});

test('a call that comes after the recovery timeout is no look at an open breaker', () => {
  const found = judged({ recoverySeconds: 4, retryAfter: 4, until: 4_300, look: 201, trials: [[4_500, true]] });
  expect(verdicts(found)).toEqual({ ...PASS, [STAYS]: 'PASS', [RECOVERS]: 'PASS' });
});

test('a breaker that was not called is not judged', () => {
  expect(specifiedRecovery.judge(new History(), factsFor(60))).toEqual([]);
});
