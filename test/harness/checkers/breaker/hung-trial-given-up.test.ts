import { expect, test } from 'vitest';
import { hungTrialGivenUp } from '../../../../harness/checkers/breaker/hung-trial-given-up.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, receipt, request, requests, STRAY, T0, verdicts } from '../../../support/history.ts';

interface Trial {
  /**
   * When the trial's caller gets its response and the upstream sees the connection close, in milliseconds, or null if
   * this never happens.
   */
  ms?: number;
  goneAfter?: number | null;
  status?: number;
  arrived?: number;
  /** How many milliseconds after the start of the trial another call reaches the upstream, or null if none does. */
  next?: number | null;
  /** Until when calls are rejected. */
  refusedUntil?: number;
  /** The status for the calls before that. */
  refusal?: number;
}

function hung({ ms = 2_000, goneAfter = 2_000, status = 502, arrived = 1, next = 4_020, ...before }: Trial) {
  const { refusedUntil = 3_980, refusal = 503 } = before;
  const gone = { endedAt: goneAfter === null ? null : T0 + 100 + goneAfter };
  return new History([
    begun(1, { action: 'hung trial', breaker: 'llm' }, 0, 0),
    ...requests(2, 10, 20, 503, { phase: '1' }),
    ...Array.from({ length: arrived }, (_, index) => ({ ...receipt(index + 1, 100, 0, 'groq', ['f1:hang']), ...gone })),
    request(100, ms, status, { phase: '1' }),
    begun(2, { when: 'after', of: 1 }, 100 + ms, arrived),
    ...requests(40, 100 + ms, (refusedUntil - ms) / 39, refusal, { phase: '2' }),
    ...(next === null ? [] : [receipt(arrived + 1, 100 + next, 5, 'groq')]),
    STRAY,
  ]);
}

const judged = (trial: Trial) => {
  const found = verdicts(hungTrialGivenUp.judge(hung(trial), facts()));
  return [found['gives up a hung trial: llm'], found['reopens after a hung trial: llm']];
};

test.each<[string, Trial, string[]]>([
  ['fails by its timeout, and is followed by another', {}, ['PASS', 'PASS']],
  ['is waited for', { ms: 3_001, next: 5_020, refusedUntil: 4_900 }, ['FAIL', 'PASS']],
  ['is given up as late as a busy machine may be', { ms: 3_000, next: 5_020, refusedUntil: 4_900 }, ['PASS', 'PASS']],
  ['is not answered', { status: 0 }, ['FAIL', 'PASS']],
  ['holds the breaker half-open', { goneAfter: null, next: null, refusedUntil: 6_000 }, ['PASS', 'FAIL']],
  ['keeps it open for too long', { next: 5_000, refusedUntil: 4_900 }, ['PASS', 'FAIL']],
  ['does not open it again', { next: 2_100, refusedUntil: 2_050 }, ['PASS', 'FAIL']],
  ['opens it for too short a time', { next: 3_949, refusedUntil: 3_800 }, ['PASS', 'FAIL']],
  ['opens it just long enough, as two clocks see it', { next: 3_950, refusedUntil: 3_800 }, ['PASS', 'PASS']],
  ['the upstream saw end before its caller did', { goneAfter: 1_900, next: 3_850 }, ['PASS', 'PASS']],
  ['the upstream saw end after its caller was answered', { goneAfter: 2_400, next: 3_960 }, ['PASS', 'PASS']],
  ['is followed by a refusal as late as may be', { next: 4_520, refusedUntil: 4_500 }, ['PASS', 'PASS']],
  ['is followed by a refusal a moment later', { next: 4_520, refusedUntil: 4_501 }, ['PASS', 'FAIL']],
  ['is followed by an answer that is no refusal', { refusal: 500 }, ['PASS', 'FAIL']],
  ['is followed by calls that leave a gap', { refusedUntil: 3_400 }, ['PASS', 'INCONCLUSIVE']],
  ['is followed by no other in time', { next: null, refusedUntil: 4_000 }, ['PASS', 'INCONCLUSIVE']],
  ['was never made', { arrived: 0 }, ['INCONCLUSIVE', 'INCONCLUSIVE']],
  ['was not the only one', { arrived: 2 }, ['INCONCLUSIVE', 'INCONCLUSIVE']],
])('a trial that hangs and %s', (_, trial, expected) => {
  expect(judged(trial)).toEqual(expected);
});

test('reports when the trial was given up, and calls that arrived too early or were refused too late', () => {
  const evidence = (trial: Trial) => hungTrialGivenUp.judge(hung(trial), facts())[1]?.evidence;
  expect(evidence({ next: 3_949, refusedUntil: 3_800 })).toEqual([
    '2.10 s into the scenario: the hung trial timed out',
    '4.05 s into the scenario: the call arrived',
    'measured: too early by 51 ms minus 50 ms of tolerance: 1.0 ms',
  ]);
  expect(evidence({ goneAfter: null, next: null, refusedUntil: 6_000 })?.[1]).toMatch(
    /: the last refused call was sent$/,
  );
  expect(evidence({})).toBeUndefined();
});

test('reports how long it took', () => {
  expect(
    hungTrialGivenUp
      .judge(hung({}), facts())
      .map(({ observed }) => observed)
      .slice(0, 2),
  ).toEqual(['after 2.00 s: 502', '2.02 s; 39 refusals before it']);
});
