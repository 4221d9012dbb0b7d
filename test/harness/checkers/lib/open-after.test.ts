import { expect, test } from 'vitest';
import { breakerOf } from '../../../../harness/checkers/lib/checker.ts';
import { openAfter } from '../../../../harness/checkers/lib/open-after.ts';
import { EARLY_MS } from '../../../../harness/checkers/lib/tolerances.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, receipt, request, STRAY } from '../../../support/history.ts';

const breaker = breakerOf(facts('llm'));
/**
 * The last failure was sent at 50 ms and ended at 100 ms. From 2 s later, minus the tolerance, a call may be a trial.
 */
const OVER = 100 + 2_000 - EARLY_MS;

const OPENING = begun(1, { action: 'opening' }, 0, 0);

/** Probes at these times, which get their response 5 ms later, and requests that arrive at the upstream. */
function after(probes: [at: number, status: number][], arrivals: number[] = []) {
  const history = new History([
    OPENING,
    begun(2, { when: 'after', of: 1 }, 200, 5),
    ...probes.map(([at, status]) => request(at, 5, status, { phase: '2' })),
    ...arrivals.map((at, index) => receipt(6 + index, at, 1, 'groq')),
    STRAY,
  ]);
  const calls = [request(50, 55, 502, {}), request(0, 40, 502, {})];
  return openAfter(history, facts('llm'), {
    phase: history.phases('opening'),
    breaker,
    calls,
    reached: [receipt(5, 60, 40, 'groq'), receipt(4, 0, 5, 'groq')],
  });
}

test.each<[string, [number, number][], number[], string]>([
  [
    'all refused',
    [
      [300, 503],
      [400, 503],
    ],
    [],
    'PASS',
  ],
  [
    'one with another answer',
    [
      [300, 503],
      [400, 500],
    ],
    [],
    'FAIL',
  ],
  [
    'one without an answer',
    [
      [300, 503],
      [400, 0],
    ],
    [],
    'FAIL',
  ],
  [
    'the last one just in time',
    [
      [300, 503],
      [OVER - 6, 503],
    ],
    [],
    'PASS',
  ],
  [
    'the last one answered too late',
    [
      [300, 503],
      [OVER - 5, 503],
    ],
    [],
    'INCONCLUSIVE',
  ],
  ['one that arrived', [[300, 503]], [301], 'FAIL'],
  ['one that arrived just in time to be none', [[300, 503]], [OVER - 1], 'FAIL'],
  ['one that arrived late enough to be a trial', [[300, 503]], [OVER], 'INCONCLUSIVE'],
  ['none', [], [], 'INCONCLUSIVE'],
])('after a breaker opened, judges calls: %s', (_, probes, arrivals, verdict) => {
  expect(after(probes, arrivals).verdict).toBe(verdict);
});

test('if nothing arrived, the breaker opened after the last call was sent', () => {
  const history = new History([
    OPENING,
    begun(2, { when: 'after', of: 1 }, 200, 0),
    request(2_040 - EARLY_MS, 5, 503, { phase: '2' }),
  ]);
  const judged = (at: number) =>
    openAfter(history, facts('llm'), {
      phase: history.phases('opening'),
      breaker,
      calls: [request(at, 1, 502, {})],
      reached: [],
    });
  expect(judged(46).verdict).toBe('PASS');
  expect(judged(45).verdict).toBe('INCONCLUSIVE');
});

test('a call that was abandoned with its connection left open failed when its caller got the response', () => {
  const history = new History([
    OPENING,
    begun(2, { when: 'after', of: 1 }, 200, 0),
    request(2_095 - EARLY_MS, 5, 503, { phase: '2' }),
  ]);
  const calls = [request(50, 51, 502, {})];
  const judged = (ended: number) =>
    openAfter(history, facts('llm'), {
      phase: history.phases('opening'),
      breaker,
      calls,
      reached: [receipt(5, 60, ended - 60, 'groq')],
    });
  expect(judged(101).verdict).toBe('PASS');
  expect(judged(100).verdict).toBe('INCONCLUSIVE');
  const stillOpen = { ...receipt(5, 60, 0, 'groq'), endedAt: null };
  expect(
    openAfter(history, facts('llm'), { phase: history.phases('opening'), breaker, calls, reached: [stillOpen] })
      .verdict,
  ).toBe('PASS');
  const answered = request(2_096 - EARLY_MS, 5, 503, { phase: '2' });
  const later = new History([OPENING, begun(2, { when: 'after', of: 1 }, 200, 0), answered]);
  const reached = [receipt(5, 60, 5_000, 'groq')];
  expect(openAfter(later, facts('llm'), { phase: later.phases('opening'), breaker, calls, reached }).verdict).toBe(
    'INCONCLUSIVE',
  );
});

test('reports how many requests arrived, and all statuses', () => {
  expect(
    after(
      [
        [300, 503],
        [400, 201],
      ],
      [401],
    ).observed,
  ).toBe('then 1 of 2 calls reached it: 1 × 503, 1 × 201');
  const late = after([[OVER, 200]], [OVER]);
  expect(late.observed).toBe('then 0 of 1 call reached it: 1 × 200, when a trial may have been due');
  expect(after([]).observed).toBe('then 0 of 0 calls reached it: none');
});
