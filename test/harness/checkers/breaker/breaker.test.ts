import { expect, test } from 'vitest';
import { breakerAdmitsOneTrial } from '../../../../harness/checkers/breaker/breaker-admits-one-trial.ts';
import { breakerCloses } from '../../../../harness/checkers/breaker/breaker-closes.ts';
import { breakerOpens } from '../../../../harness/checkers/breaker/breaker-opens.ts';
import { breakerRefusesAtOnce } from '../../../../harness/checkers/breaker/breaker-refuses-at-once.ts';
import { breakerReopens } from '../../../../harness/checkers/breaker/breaker-reopens.ts';
import { breakerCountsAnew, breakerStaysClosed } from '../../../../harness/checkers/breaker/breaker-stays-closed.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { aloneFacts, begun, facts, receipt, request, requests, STRAY, T0, verdicts } from '../../../support/history.ts';

const LLM = facts('llm');
const about = 'breaker';
const FAULT = ['f1:status'];

/**
 * Of the five calls in the phase "opening", `reached` reach the upstream, followed by `leaked` of twelve calls while
 * the breaker is open.
 */
function opening(reached: number, leaked: number, refusal = 503): History {
  return new History([
    begun(1, { action: 'opening' }, 0, 0),
    ...requests(5, 0, 600, 502, { phase: '1' }),
    ...Array.from({ length: reached }, (_, index) => receipt(index + 1, index * 600, 600, 'groq', FAULT)),
    begun(3, { when: 'after', of: 1 }, 2_999, reached),
    begun(2, { action: 'open' }, 3_000, reached),
    ...requests(12, 3_000, 5, refusal, { phase: '2', about }),
    ...Array.from({ length: leaked }, (_, index) => receipt(reached + index + 1, 3_000, 1, 'groq', FAULT)),
  ]);
}

/**
 * Five failures in the phase "opening", `further` of them in the phase "after opening", and a call that is refused
 * unless there are ten. From then on, `leaked` of twelve calls reach the upstream.
 */
function goneOn(further: number, leaked = 0, later = 0): History {
  const everyMs = 600;
  const from = 3_000 + later;
  const began = from + (further + 1) * everyMs;
  const after = { phase: '3', endpoint: 'conversation-end' };
  return new History([
    begun(1, { action: 'opening' }, 0, 0),
    ...requests(5, 0, 600, 502, { phase: '1', endpoint: 'conversation-end' }),
    ...Array.from({ length: 5 }, (_, index) => receipt(index + 1, index * 600, 600, 'groq', FAULT)),
    begun(3, { when: 'after', of: 1 }, 3_000, 5),
    ...requests(further, from, everyMs, 502, after),
    ...Array.from({ length: further }, (_, n) => receipt(6 + n, from + 1 + n * everyMs, everyMs - 2, 'groq', FAULT)),
    ...(further < 10 ? [request(from + further * everyMs, 5, 503, after)] : []),
    begun(2, { action: 'open' }, began, 5 + further),
    ...requests(12, began, 5, leaked > 0 ? 502 : 503, { phase: '2', about }),
    ...Array.from({ length: leaked }, (_, n) => receipt(6 + further + n, began + n * 5, 1, 'groq', FAULT)),
  ]);
}

test('tells a breaker that opens late from one that never opens', () => {
  const [late] = breakerOpens.judge(goneOn(1), LLM);
  expect(late).toMatchObject({
    observed: '5 of 5 calls reached it; then 1 more; while open, 0 of 12 calls reached it',
    verdict: 'FAIL',
    usually: expect.stringMatching(/^It opens late, after 6 failures in a row instead of 5: /),
  });
  const [never] = breakerOpens.judge(goneOn(10, 12), LLM);
  expect(never).toMatchObject({
    observed: '5 of 5 calls reached it; then 10 more; while open, 12 of 12 calls reached it',
    verdict: 'FAIL',
    usually: expect.stringMatching(/^It never opens: after 15 failures in a row/),
  });
  expect(verdicts(breakerOpens.judge(goneOn(0), LLM))).toEqual({
    'opens at the threshold': 'PASS',
    'refuses while open': 'PASS',
  });
});

test("doesn't report more requests than calls as that many calls", () => {
  expect(breakerOpens.judge(opening(7, 0), LLM)[0]).toMatchObject({
    observed: '7 requests reached it, more than the 5 calls; while open, 0 of 12 calls reached it',
    verdict: 'INCONCLUSIVE',
  });
});

test('tells what was observed of which requests', () => {
  const whileOpen = { phase: '2', about };
  expect(breakerOpens.judge(opening(5, 0), LLM)).toMatchObject([
    {
      requests: [{ phase: '1' }, { phase: '3' }, whileOpen],
      observed: '5 of 5 calls reached it; while open, 0 of 12 calls reached it',
    },
    { requests: [whileOpen], observed: '12 × 503; 0 reached groq' },
  ]);
});

/** Five calls in one phase. `reached` of them reach the upstream, all but the last with a fault. */
function below(reached: number, lastStatus = 201): History {
  const calls = (action: 'below' | 'below again' | 'below after recovery', from: number): HistoryEvent[] => [
    begun(from + 1, { action }, from, from),
    ...requests(4, from, 5, 502, { phase: String(from + 1) }),
    request(from + 20, 5, lastStatus, { phase: String(from + 1) }),
    ...Array.from({ length: reached }, (_, index) =>
      receipt(from + index + 1, from + index * 5, 1, 'groq', index < 4 ? FAULT : []),
    ),
  ];
  return new History([...calls('below', 0), ...calls('below again', 100), ...calls('below after recovery', 200)]);
}

/** Returns the verdicts of the phases below the threshold, including the one after recovery. */
const belowIn = (history: History) =>
  new Set(
    [breakerStaysClosed, breakerCountsAnew].flatMap((checker) => Object.values(verdicts(checker.judge(history, LLM)))),
  );

test('fails if the breaker opened below the threshold', () => {
  expect(belowIn(below(3, 503))).toEqual(new Set(['FAIL']));
});

test('a failure that does not wait for the slow upstream says nothing about its time', () => {
  const opening = [600, 5, 600, 5, 600].map((ms) => request(0, ms, 502, { phase: '1' }));
  const refused = [5, 60, 140].map((ms) => request(3_000, ms, 503, { phase: '2', about }));
  expect(
    breakerRefusesAtOnce.judge(
      new History([
        begun(1, { action: 'opening' }, 0, 0),
        begun(2, { action: 'open' }, 3_000, 0),
        ...opening,
        ...refused,
      ]),
      aloneFacts(),
    ),
  ).toMatchObject([
    { expected: 'each within a quarter of the time of a call that waits for groq (150 ms)', verdict: 'PASS' },
  ]);
});

/** Twenty simultaneous calls after the breaker has opened. `reached` of them reach the upstream. */
const burst = (
  reached: number,
  { sentAfter = 0, opened = -2_600, others = 503, refusedLater = 0, trial = 900, failed = 502, tried = 502 } = {},
) =>
  new History([
    begun(1, { action: 'opening' }, opened - 600, 0),
    request(opened - 600, 600, failed, { phase: '1' }),
    begun(4, { action: 'half-open' }, 0, 0),
    request(0, 600, reached > 0 ? tried : 503, { phase: '4' }),
    ...Array.from({ length: 19 }, () => request(sentAfter, 5, others, { phase: '4' })),
    ...Array.from({ length: reached }, (_, index) => receipt(index + 1, 1, 600, 'groq', FAULT)),
    begun(5, { action: 'reopened' }, 700, reached),
    ...(refusedLater > 0 ? [request(refusedLater, 5, 503, { phase: '5' })] : []),
    receipt(reached + 1, trial, 1, 'groq'),
  ]);

test.each([
  ['PASS', burst(1)],
  // A service that tells failures and refusals by the same status.
  ['PASS', burst(1, { failed: 503, tried: 503 })],
  ['FAIL', burst(1, { tried: 503 })],
  ['FAIL', burst(0)],
  ['INCONCLUSIVE', burst(0, { opened: -2_100 })],
  ['FAIL', burst(0, { opened: -2_100, refusedLater: 800 })],
  ['INCONCLUSIVE', burst(0, { opened: -2_100, refusedLater: 800, trial: 790 })],
  ...[burst(2), burst(20), burst(1, { others: 500 }), burst(1, { others: 0 })].map(
    (history) => ['FAIL', history] as const,
  ),
  ...[burst(1, { sentAfter: 700 }), new History()].map((history) => ['INCONCLUSIVE', history] as const),
] as const)('gives %s for trials', (verdict, history) => {
  expect(verdicts(breakerAdmitsOneTrial.judge(history, LLM))).toEqual({ 'admits one trial': verdict });
});

test.each([
  ['INCONCLUSIVE', -1_250],
  ['PASS', -1_251],
])('gives %s if a call after the opening reached the upstream %d ms before the burst', (verdict, at) => {
  const history = burst(1);
  history.add(begun(3, { when: 'after', of: 1 }, -1_300, -1));
  history.add(receipt(0, at, 1, 'groq', FAULT));
  history.add(request(at - 1, 3, 502, { phase: '3' }));
  expect(verdicts(breakerAdmitsOneTrial.judge(history, LLM))).toEqual({ 'admits one trial': verdict });
});

/**
 * A trial that fails 600 ms after T0, calls every 40 ms from then on, and the next trial `trialAfter` milliseconds
 * after the failure.
 */
function reopened(
  trialAfter: number | undefined,
  { calledUntil = trialAfter ?? 0, every = 40, status = 503 } = {},
): History {
  const calls = Math.floor(calledUntil / every);
  return new History([
    begun(4, { action: 'half-open' }, 0, 0),
    receipt(1, 0, 600, 'groq', FAULT),
    begun(5, { action: 'reopened' }, 601, 1),
    ...requests(calls, 601, every, status, { phase: '5' }),
    ...(trialAfter === undefined
      ? []
      : [receipt(2, 600 + trialAfter, 5, 'groq'), request(600 + trialAfter, 6, 201, { phase: '5' })]),
  ]);
}

test.each([
  ['PASS', reopened(2_010)],
  ['PASS', reopened(1_960)],
  ['FAIL', reopened(1_880)],
  ['FAIL', reopened(1_500)],
  ['FAIL', reopened(2_010, { status: 500 })],
  ['FAIL', reopened(3_200)],
  ['FAIL', reopened(undefined, { calledUntil: 4_000 })],
  ['INCONCLUSIVE', reopened(2_010, { every: 1_000 })],
  ['INCONCLUSIVE', reopened(undefined, { calledUntil: 500 })],
  ['INCONCLUSIVE', new History()],
])('gives %s for the time until the next trial', (verdict, history) => {
  expect(verdicts(breakerReopens.judge(history, LLM))).toEqual({ 'reopens for a full timeout': verdict });
});

test.each([
  ['PASS', reopened(2_160)],
  ['INCONCLUSIVE', reopened(2_500)],
  ['FAIL', reopened(2_600)],
])('with 5 s of noise: %s for the time until the next trial', (verdict, history) => {
  const noisy = { ...LLM, noise: { ...LLM.noise, timerLateMs: 5_000 } };
  expect(verdicts(breakerReopens.judge(history, noisy))).toEqual({ 'reopens for a full timeout': verdict });
});

test('reports when in the scenario the failed trial ended and the unexpected call came', () => {
  const [early] = breakerReopens.judge(reopened(1_900), LLM);
  expect(early?.evidence).toHaveLength(3);
  expect(early?.evidence?.[0]).toMatch(/^\d\.\d\d s into the scenario: the failed trial ended$/);
  expect(early?.evidence?.[1]).toMatch(/: the call arrived$/);
  expect(early?.evidence?.[2]).toMatch(/^measured: too early by \d+ ms minus 50 ms of tolerance: \d+ ms$/);
  expect(breakerReopens.judge(reopened(2_020), LLM)[0]).not.toHaveProperty('evidence');
});

const closed = (reached: number, status: number, ms = 5) =>
  new History([
    STRAY,
    begun(6, { action: 'closed' }, 0, 0),
    ...requests(20, 0, ms, status, { phase: '6' }),
    ...Array.from({ length: reached }, (_, index) => receipt(index + 1, 1, 5, 'groq')),
  ]);

/** Calls in "below after recovery", `reached` of which reach the upstream, before all calls in "closed" are refused. */
const reopenedBefore = (reached: number, state?: 'open' | 'closed') =>
  new History([
    ...(state ? [{ type: 'transition', at: T0 - 150, breaker: 'llm', line: '', to: state } as const] : []),
    begun(5, { action: 'below after recovery' }, -100, 0),
    ...requests(5, -90, 5, 502, { phase: '5' }),
    ...Array.from({ length: reached }, (_, index) => receipt(index + 1, -90 + index, 1, 'groq', FAULT)),
    begun(6, { action: 'closed' }, 0, reached),
    ...requests(20, 0, 5, 503, { phase: '6' }),
  ]);

test.each([
  ['INCONCLUSIVE', reopenedBefore(2)],
  ['INCONCLUSIVE', reopenedBefore(1, 'closed')],
  ['FAIL', reopenedBefore(1, 'open')],
  ['FAIL', reopenedBefore(1)],
  ['FAIL', reopenedBefore(5)],
])('a breaker that closed, and opened again too early, is not said to stay open: %s', (verdict, history) => {
  expect(breakerCloses.judge(history, LLM)).toMatchObject([{ verdict }]);
});

test.each([
  ['PASS', closed(20, 201), undefined],
  ['FAIL', closed(19, 201), undefined],
  ['FAIL', closed(20, 503), /^The breaker has closed: every call reached groq/],
  ['FAIL', closed(19, 503), undefined],
  ['FAIL', closed(19, 502), /^The breaker does not refuse all of these/],
  ['INCONCLUSIVE', new History(), undefined],
])('gives %s for the calls after a successful trial', (verdict, history, cause) => {
  const [judged] = breakerCloses.judge(history, LLM);
  expect(judged).toMatchObject({ check: 'closes after a good trial', verdict });
  if (cause) expect(judged?.usually).toMatch(cause);
  else expect(judged?.usually).toBeUndefined();
});

test.each([
  [3_000, 'INCONCLUSIVE'],
  [4_500, 'FAIL'],
])('with 2 s of noise, failed calls of %d ms after a successful trial are %s', (ms, verdict) => {
  const noisy = { ...LLM, noise: { ...LLM.noise, timerLateMs: 2_000 } };
  expect(breakerCloses.judge(closed(20, 502, ms), noisy)).toMatchObject([{ verdict }]);
});
