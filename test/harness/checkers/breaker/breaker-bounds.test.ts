import { expect, test } from 'vitest';
import { breakerAdmitsOneTrial } from '../../../../harness/checkers/breaker/breaker-admits-one-trial.ts';
import { breakerOpens } from '../../../../harness/checkers/breaker/breaker-opens.ts';
import { breakerReopens } from '../../../../harness/checkers/breaker/breaker-reopens.ts';
import { breakerOf } from '../../../../harness/checkers/lib/checker.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, receipt, request, requests, SILENCE, verdicts } from '../../../support/history.ts';

/** A breaker that opens after 5 failures, for 2 s. */
const LLM = facts('llm');
const FAULT = ['f1:status'];
const about = 'breaker';

/** The same on a machine that may add 100 ms to any time. */
const NOISY = { ...LLM, noise: { ...SILENCE, timerLateMs: 100 } };

/**
 * Judges five calls that fail, the last one at 3 s, followed by this many rejections and whatever else happens while
 * the breaker is open.
 */
const open = (refusals: number, more: HistoryEvent[] = [], { calls = 5, status = 503, of = LLM } = {}) =>
  verdicts(
    breakerOpens.judge(
      new History([
        begun(1, { action: 'opening' }, 0, 0),
        ...requests(calls, 0, 600, 502, { phase: '1' }),
        ...Array.from({ length: calls }, (_, index) => receipt(index + 1, index * 600, 600, 'groq', FAULT)),
        begun(2, { action: 'open' }, 3_000, calls),
        ...requests(refusals, 3_000, 5, status, { phase: '2', about }),
        ...more,
      ]),
      of,
    ),
  );
const [OPENS, REFUSES] = ['opens at the threshold', 'refuses while open'];
const refused = (at: number, ms: number, status = 503) => request(at, ms, status, { phase: '2', about });

test.each<[string, () => Record<string, string>, string, string]>([
  ['ten refusals', () => open(10), 'PASS', 'PASS'],
  ['nine refusals', () => open(9), 'INCONCLUSIVE', 'INCONCLUSIVE'],
  ['four failures', () => open(12, [], { calls: 4 }), 'INCONCLUSIVE', 'INCONCLUSIVE'],
  ['six failures', () => open(12, [], { calls: 6 }), 'INCONCLUSIVE', 'INCONCLUSIVE'],
  ['one arrival while it is open', () => open(12, [receipt(6, 4_949, 1, 'groq')]), 'FAIL', 'FAIL'],
  ['an arrival that may be a trial', () => open(12, [receipt(6, 4_950, 1, 'groq')]), 'INCONCLUSIVE', 'INCONCLUSIVE'],
  ['an answer just before a trial may be', () => open(12, [refused(4_939, 10)]), 'PASS', 'PASS'],
  ['a refusal when a trial may be', () => open(12, [refused(4_940, 10)]), 'PASS', 'PASS'],
  [
    'ten refusals, one of them when a trial may be',
    () => open(9, [refused(4_940, 10)]),
    'INCONCLUSIVE',
    'INCONCLUSIVE',
  ],
  ['another answer', () => open(12, [refused(4_000, 10, 500)]), 'PASS', 'FAIL'],
  ['another answer when a trial may be', () => open(12, [refused(4_940, 10, 500)]), 'PASS', 'INCONCLUSIVE'],
  ['no answer', () => open(12, [refused(4_000, 10, 0)]), 'PASS', 'FAIL'],
])('judges an opening with %s', (_, found, opens, refuses) => {
  expect(found()).toEqual({ [OPENS]: opens, [REFUSES]: refuses });
});

/** Judges calls in the half-open phase. The breaker opened `opened` milliseconds before them. */
const trials = (calls: HistoryEvent[], arrived: HistoryEvent[], { opened = 2_150, of = LLM } = {}) =>
  verdicts(
    breakerAdmitsOneTrial.judge(
      new History([
        begun(1, { action: 'opening' }, -opened - 5, 0),
        request(-opened - 5, 5, 502, { phase: '1' }),
        begun(3, { action: 'half-open' }, 0, 0),
        ...calls,
        ...arrived,
      ]),
      of,
    ),
  )['admits one trial'];
const half = (at: number, status: number, ms = 5) => request(at, ms, status, { phase: '3' });
const TRIAL = receipt(1, 1, 600, 'groq', FAULT);
const SHORT = receipt(1, 1, 60, 'groq', FAULT);

test.each<[string, () => string | undefined, string]>([
  ['a trial and a refusal', () => trials([half(0, 502, 602), half(5, 503)], [TRIAL]), 'PASS'],
  ['a trial alone', () => trials([half(0, 502, 602)], [TRIAL]), 'INCONCLUSIVE'],
  ['two trials', () => trials([half(0, 502), half(5, 502)], [TRIAL, receipt(2, 2, 600, 'groq')]), 'FAIL'],
  ['none, as late as may be', () => trials([half(0, 503), half(0, 503)], []), 'INCONCLUSIVE'],
  ['none, a moment later', () => trials([half(0, 503), half(1, 503)], []), 'FAIL'],
  ['a refusal after the trial had ended', () => trials([half(0, 502, 602), half(601, 503)], [TRIAL]), 'INCONCLUSIVE'],
  ['a refusal just before its end', () => trials([half(0, 502, 62), half(60, 503)], [SHORT]), 'PASS'],
  ['a refusal just after it', () => trials([half(0, 502, 62), half(61, 503)], [SHORT]), 'INCONCLUSIVE'],
  ['a refusal as late as may be', () => trials([half(0, 502, 602), half(99, 503)], [TRIAL]), 'PASS'],
  ['a refusal that is not simultaneous', () => trials([half(0, 502, 602), half(100, 503)], [TRIAL]), 'INCONCLUSIVE'],
  [
    'half of them later',
    () => trials([half(0, 502, 602), half(5, 503), half(200, 503), half(200, 503)], [TRIAL]),
    'PASS',
  ],
  [
    'more than half of them later',
    () => trials([half(0, 502, 602), half(5, 503), ...[1, 2, 3].map(() => half(200, 503))], [TRIAL]),
    'INCONCLUSIVE',
  ],
  ['a trial that never ended', () => trials([half(0, 0, 602), half(5, 503)], [{ ...TRIAL, endedAt: null }]), 'PASS'],
  ['all refused though one arrived', () => trials([half(0, 503), half(5, 503)], [TRIAL]), 'FAIL'],
])('judges trials with %s', (_, found, verdict) => {
  expect(found()).toBe(verdict);
});

const FAILED = receipt(1, 0, 600, 'groq', FAULT);
const ANY = {
  ...LLM,
  contract: { ...LLM.contract, breakers: { llm: { ...LLM.contract.breakers.llm, trials: 'any' } } },
};
const anyTrials = (calls: HistoryEvent[], arrived: HistoryEvent[]) =>
  breakerAdmitsOneTrial.judge(
    new History([
      begun(1, { action: 'opening' }, -2_155, 0),
      request(-2_155, 5, 502, { phase: '1' }),
      begun(3, { action: 'half-open' }, 0, 0),
      ...calls,
      ...arrived,
    ]),
    ANY as typeof LLM,
  )[0];

test.each<[string, () => ReturnType<typeof anyTrials>, string]>([
  ['all of them', () => anyTrials([half(0, 502, 602), half(5, 502, 602)], [TRIAL, { ...TRIAL, seq: 2 }]), 'PASS'],
  ['one of them', () => anyTrials([half(0, 502, 602), half(5, 503)], [TRIAL]), 'PASS'],
  ['none', () => anyTrials([half(0, 503), half(1, 503)], []), 'FAIL'],
  ['one of them, though two were not refused', () => anyTrials([half(0, 502, 602), half(5, 502)], [TRIAL]), 'FAIL'],
  [
    'more than there were',
    () =>
      anyTrials(
        [half(0, 502), half(5, 502)],
        [1, 2, 3].map((seq) => ({ ...TRIAL, seq })),
      ),
    'FAIL',
  ],
])('if the contract allows any number of trials: %s', (_, found, verdict) => {
  expect(found()).toMatchObject({ check: 'admits a trial', verdict });
});

/**
 * Returns the half-open phase after the breaker opened at T0 and a call in the phase "open" arrived `after`
 * milliseconds later.
 */
const triedBefore = (after: number, trialsOf: number) => [
  begun(1, { action: 'opening' }, 0, 0),
  request(0, 0, 502, { phase: '1' }),
  begun(2, { action: 'open' }, 1, 0),
  receipt(1, after, 600, 'groq'),
  begun(3, { action: 'half-open' }, 2_100, 1),
  ...Array.from({ length: 20 }, () => request(2_100, 5, 502, { phase: '3' })),
  ...Array.from({ length: trialsOf }, (_, index) => receipt(2 + index, 2_101, 600, 'groq')),
  begun(4, { action: 'reopened' }, 2_800, 1 + trialsOf),
  receipt(2 + trialsOf, 4_900, 5, 'groq'),
];

test('reports how many of the calls were simultaneous, and why a burst proves nothing', () => {
  const evidence = (events: HistoryEvent[]) => breakerAdmitsOneTrial.judge(new History(events), LLM)[0]?.evidence;
  const burst = [begun(3, { action: 'half-open' }, 0, 0), half(0, 502, 602), half(5, 503), half(300, 503), TRIAL];
  expect(evidence(burst)).toEqual(['2 were sent within 100 ms, before the trial ended']);
  expect(evidence(triedBefore(1_950, 1))).toEqual(['an earlier call may have been the trial']);
});

test.each([
  ['INCONCLUSIVE', 9],
  ['FAIL', 10],
])('with 5 s of noise: %s for a burst without a trial, and %d refusals after it', (verdict, refusals) => {
  const noisy = { ...LLM, noise: { ...LLM.noise, timerLateMs: 5_000 } };
  const later = Array.from({ length: refusals }, (_, index) => request(20 + 10 * index, 5, 503, { phase: '4' }));
  const calls = [half(0, 503), half(1, 503), begun(4, { action: 'reopened' }, 10, 0), ...later];
  expect(trials(calls, [], { of: noisy })).toBe(verdict);
});

/** Judges a trial that fails at 600 ms, calls at these times that take 5 ms each, and the next trial. */
const reopens = (calls: HistoryEvent[], next?: number, failed: HistoryEvent = FAILED, of = LLM, answeredAt = 610) =>
  breakerReopens.judge(
    new History([
      begun(3, { action: 'half-open' }, 0, 0),
      request(0, answeredAt, 502, { phase: '3' }),
      request(0, 700, 503, { phase: '3' }),
      failed,
      begun(4, { action: 'reopened' }, 611, 1),
      ...calls,
      ...(next === undefined ? [] : [receipt(2, next, 5, 'groq')]),
    ]),
    of,
  )[0];
const at = (time: number, status = 503) => request(time, 5, status, { phase: '4' });
const every = (gap: number, until: number, from = 611) =>
  Array.from({ length: Math.ceil((until - from) / gap) }, (_, index) => at(from + index * gap));

test.each<[string, () => ReturnType<typeof reopens>, string]>([
  ['a trial as early as may be', () => reopens(every(50, 2_540), 2_550), 'PASS'],
  ['a trial a moment earlier', () => reopens(every(50, 2_540), 2_549), 'FAIL'],
  ['a refusal as late as may be', () => reopens([...every(50, 2_590), at(2_760)], 2_600), 'PASS'],
  ['a refusal a moment later', () => reopens([...every(50, 2_590), at(2_761)], 2_600), 'FAIL'],
  ['a call that was answered otherwise', () => reopens([...every(50, 2_490), at(2_000, 500)], 2_600), 'FAIL'],
  [
    'one that was answered so after the trial came',
    () => reopens([...every(50, 2_590), at(2_595, 500)], 2_600),
    'PASS',
  ],
  ['one without an answer', () => reopens([...every(50, 2_590), at(2_000, 0)], 2_600), 'FAIL'],
  ['a pause of a quarter', () => reopens([...every(50, 1_600), ...every(50, 2_590, 2_061)], 2_600), 'PASS'],
  ['a pause of more', () => reopens([...every(50, 1_600), ...every(50, 2_590, 2_062)], 2_600), 'INCONCLUSIVE'],
  ['no next trial', () => reopens(every(50, 2_590)), 'INCONCLUSIVE'],
  [
    'no next trial, and another answer',
    () => reopens(every(50, 2_590).map((call) => ({ ...call, status: 500 }))),
    'FAIL',
  ],
  [
    'a trial in time, and only calls without an answer before',
    () =>
      reopens(
        every(50, 2_590).map((call) => ({ ...call, status: 0 })),
        2_600,
      ),
    'INCONCLUSIVE',
  ],
  ['a trial in time that nobody called before', () => reopens([at(2_600, 502)], 2_601), 'INCONCLUSIVE'],
  [
    'a trial in time that nobody could call before',
    () => reopens([at(2_600, 502)], 2_601, FAILED, LLM, 2_590),
    'INCONCLUSIVE',
  ],
  [
    'a trial whose caller was answered before its upstream was done',
    () => reopens(every(50, 2_450, 501), 2_460, FAILED, LLM, 500),
    'PASS',
  ],
  [
    'a call refused beside the failed trial',
    () => reopens([...every(50, 2_590), at(2_761)], 2_600, FAILED, LLM, 610),
    'FAIL',
  ],
  [
    'no end of the failed one',
    () => reopens([], 2_600, { ...receipt(1, 0, 600, 'groq'), endedAt: null }),
    'INCONCLUSIVE',
  ],
])('judges a reopening with %s', (_, found, verdict) => {
  expect(found()).toMatchObject({ check: 'reopens for a full timeout', verdict });
});

test('a trial that comes too late is told with its time', () => {
  expect(reopens([...every(50, 2_590), at(5_000)], 5_600)?.observed).toMatch(/^the next trial came after 5\.\d\d s$/);
  const failsAgain = reopens([...every(50, 2_590), at(4_000)], 2_600);
  expect(failsAgain?.observed).toMatch(/^a call was still refused after /);
});

const early = (at: number) => open(12, [receipt(6, at, 1, 'groq')], { of: NOISY })[OPENS];
const opened = (ms: number) => trials([half(0, 503), half(0, 503)], [], { opened: ms, of: NOISY });
const next = (at: number) => reopens(every(50, 2_440), at, FAILED, NOISY)?.verdict;
const refusedUntil = (time: number) => reopens([...every(50, 2_590), at(time)], 2_600, FAILED, NOISY)?.verdict;

test.each<[string, () => string | undefined, string]>([
  ['a call that may just be a trial', () => early(4_850), 'INCONCLUSIVE'],
  ['a call that can be none', () => early(4_849), 'FAIL'],
  ['no trial as long as may be', () => opened(2_250), 'INCONCLUSIVE'],
  ['no trial for longer', () => opened(2_251), 'FAIL'],
  ['a trial as early as it has to be', () => next(2_550), 'PASS'],
  ['a trial that may have come earlier', () => next(2_549), 'INCONCLUSIVE'],
  ['a trial as early as it may seem', () => next(2_450), 'INCONCLUSIVE'],
  ['a trial earlier than it may seem', () => next(2_449), 'FAIL'],
  ['a refusal as late as it has to be', () => refusedUntil(2_760), 'PASS'],
  ['a refusal that may have come later', () => refusedUntil(2_761), 'INCONCLUSIVE'],
  ['a refusal as late as it may seem', () => refusedUntil(2_860), 'INCONCLUSIVE'],
  ['a refusal later than it may seem', () => refusedUntil(2_861), 'FAIL'],
])('with 100 ms of noise: %s', (_, found, verdict) => {
  expect(found()).toBe(verdict);
});

test('certain failures are reported before those that may be noise', () => {
  const other = reopens([...every(50, 2_440), at(2_000, 500)], 2_549, FAILED, NOISY);
  expect(other).toMatchObject({ verdict: 'FAIL', observed: 'a call before the next trial got 500, not 503' });
});

test('reports for how long there were no calls', () => {
  expect(reopens([...every(50, 1_600), ...every(50, 2_590, 2_161)], 2_600)?.observed).toBe(
    'there were no calls for 0.60 s of it',
  );
});

test.each([undefined, 'moon'])('throws for a breaker that is not in the contract: %s', (breaker) => {
  expect(() => breakerOf({ ...facts(), ...(breaker !== undefined && { breaker }) })).toThrow(
    `the contract describes no breaker "${breaker ?? ''}"`,
  );
});
