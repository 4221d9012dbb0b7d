import { describe, expect, test } from 'vitest';
import {
  slotsReleased,
  upstreamConcurrency,
  upstreamConcurrencyReached,
} from '../../../../harness/checkers/upstream/upstream-concurrency.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, receipt, STRAY, starved, verdicts } from '../../../support/history.ts';
import { type Crowd, crowd, factsAbout } from './crowd.ts';

/** Judges whether there were never more calls at once than promised, and whether there were as many. */
function findings(seen: Crowd, concurrency?: number, more: HistoryEvent[] = []) {
  const [history, facts] = [new History([STRAY, ...crowd(seen), ...more]), factsAbout({ concurrency })];
  return [upstreamConcurrency, upstreamConcurrencyReached].flatMap((checker) => checker.judge(history, facts));
}

const judged = (seen: Crowd, concurrency = 2, more: HistoryEvent[] = []) =>
  Object.values(verdicts(findings(seen, concurrency, more)));

test('exactly the promised number of calls at once passes', () => {
  const seen = { observed: 'at most 2, for 6 callers: 2 × 200, 4 × 503', requests: [{ phase: '1' }] };
  expect(findings({}, 2)).toMatchObject([
    { ...seen, check: 'not too many calls at once: groq', verdict: 'PASS' },
    { ...seen, check: 'enough calls at once: groq', verdict: 'PASS' },
  ]);
});

test('more calls than promised fail', () => {
  expect(judged({}, 1)).toEqual(['FAIL', 'PASS']);
});

test('fewer calls than promised fail', () => {
  expect(judged({}, 3)).toEqual(['PASS', 'FAIL']);
});

test('too few callers prove nothing', () => {
  expect(judged({ callers: [3_010, 3_010] })).toEqual(['INCONCLUSIVE', 'PASS']);
  expect(judged({ callers: [3_010, 3_010] }, 3)).toEqual(['INCONCLUSIVE', 'INCONCLUSIVE']);
});

test('an upstream that nothing reached proves nothing', () => {
  expect(judged({ calls: [] })).toEqual(['INCONCLUSIVE', 'INCONCLUSIVE']);
});

test('calls that a busy machine keeps back are not missed', () => {
  const busy = (ms: number) => [starved('service', 0, 1, 0), starved('service', 0, 2_000, ms)];
  expect(judged({}, 3, busy(1_499))).toEqual(['PASS', 'FAIL']);
  expect(judged({}, 3, busy(1_500))).toEqual(['PASS', 'INCONCLUSIVE']);
});

test('streams are judged apart from other calls', () => {
  const judgedWith = (concurrency: number) => verdicts(findings({ action: 'crowd of streams' }, concurrency));
  expect(judgedWith(2)).toMatchObject({
    'not too many calls at once: groq, streams': 'PASS',
    'enough calls at once: groq, streams': 'PASS',
  });
  expect(judgedWith(1)).toMatchObject({ 'not too many calls at once: groq, streams': 'FAIL' });
  expect(judgedWith(3)).toMatchObject({ 'enough calls at once: groq, streams': 'FAIL' });
});

describe('after failures', () => {
  const FAILED = [
    begun(3, { action: 'failing crowd', upstream: 'groq' }, -2_000, 100),
    receipt(101, -1_990, 5, 'groq', ['f0:reset']),
    begun(4, { when: 'after', of: 3 }, -1_000, 101),
  ];
  const judgedAfter = (concurrency: number, failed: HistoryEvent[] = FAILED, seen: Crowd = {}) =>
    slotsReleased.judge(
      new History([...failed, ...crowd({ action: 'crowd after failures', ...seen })]),
      factsAbout({ concurrency }),
    );

  test('as many calls at once as promised pass', () => {
    expect(judgedAfter(2)).toMatchObject([
      {
        check: 'enough calls at once after failures: groq',
        verdict: 'PASS',
        evidence: ['1 call had failed at groq before'],
      },
    ]);
  });

  test('more calls than before fail, because a slot was released twice', () => {
    const before = crowd({ calls: [[20, 3_005]] }).slice(0, -4);
    const short = [
      [20, 1_000],
      [25, 1_000],
    ] as const;
    const later = crowd({ action: 'crowd after failures', calls: short }).map((event) => ({
      ...event,
      at: event.at + 20_000,
      ...(event.type === 'phase' && { id: event.id + 10, receipts: event.receipts + 1 }),
      ...('endedAt' in event && { seq: event.seq + 1, endedAt: Number(event.endedAt) + 20_000 }),
      ...(event.type === 'request' && { tags: { phase: '11' } }),
    }));
    const judgedWith = (...more: HistoryEvent[]) =>
      upstreamConcurrency.judge(
        new History([...before, ...later, ...more] as HistoryEvent[]),
        factsAbout({ concurrency: 1 }),
      );
    const noise = [starved('service', 20_000, 20_001, 0), starved('service', 20_000, 22_000, 1_400)];
    expect(judgedWith(...noise)[1]).toMatchObject({ verdict: 'INCONCLUSIVE' });
    expect(judgedWith()).toMatchObject([
      { check: 'not too many calls at once: groq', verdict: 'PASS' },
      {
        check: 'not too many calls at once: groq, after failures',
        verdict: 'FAIL',
        usually: expect.stringMatching(/^A slot is released twice: there were 1 at once at first, and 2 after/),
      },
    ]);
  });

  test('fewer calls fail', () => {
    expect(judgedAfter(3)).toMatchObject([{ verdict: 'FAIL' }]);
  });

  test('a crowd that gets no slot fails if its breaker had the time for a trial', () => {
    const earlier = FAILED.map((event) => ({
      ...event,
      at: event.at - 3_000,
      ...('endedAt' in event && { endedAt: event.at - 2_995 }),
    }));
    expect(judgedAfter(2, earlier as HistoryEvent[], { calls: [] })).toMatchObject([
      { verdict: 'FAIL', observed: 'at most 0, for 6 callers: 2 × 200, 4 × 503' },
    ]);
    expect(judgedAfter(6, earlier as HistoryEvent[], { calls: [] })).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
    const [, ...rest] = earlier as HistoryEvent[];
    const refused = [begun(3, { action: 'one after another', upstream: 'groq' }, -5_000, 100), ...rest];
    expect(judgedAfter(2, refused, { calls: [] })).toMatchObject([{ verdict: 'FAIL' }]);
  });

  test('prove nothing if no call failed, or none arrived after them', () => {
    expect(judgedAfter(2, [])).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
    expect(judgedAfter(3, FAILED, { calls: [] })).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
  });
});
