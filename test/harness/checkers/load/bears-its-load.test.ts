import { expect, test } from 'vitest';
import { bearsItsLoad } from '../../../../harness/checkers/load/bears-its-load.ts';
import { History } from '../../../../harness/history/history.ts';
import { facts, STRAY } from '../../../support/history.ts';
import { type Load, loadOf } from '../../../support/load.ts';

/** 99% of 50 requests per second within 250 ms, as in the profile "fast". */
const BORNE: Load = {};
const MISSED: Load = { slow: 2 };

/** Judges steps, each with a rate and the results of its attempts. */
function judged(...steps: [rate: number, ...attempts: Load[]][]) {
  const events = steps.flatMap(([rate, ...attempts], step) =>
    attempts.flatMap((attempt, index) =>
      loadOf((step * 10 + index) * 10_000, attempt, { rate: String(rate), phase: String(step * 10 + index) }),
    ),
  );
  const [finding] = bearsItsLoad.judge(new History([STRAY, ...events]), facts());
  return finding;
}

test('holds at the promised load, and reports the capacity and the curve', () => {
  expect(judged([25, BORNE], [50, BORNE], [75, BORNE], [113, MISSED, { slow: 3 }])).toMatchObject({
    check: 'capacity: conversation-read',
    expected: '50/s, 99 % served within 250 ms',
    observed: '75/s, missed at 113/s: 97.0 % in time, p50 10.0 ms, p99 251.0 ms',
    verdict: 'PASS',
    evidence: [
      '25/s: 100.0 % in time, p50 10.0 ms, p99 10.0 ms; 100 × 404',
      '50/s: 100.0 % in time, p50 10.0 ms, p99 10.0 ms; 100 × 404',
      '75/s: 100.0 % in time, p50 10.0 ms, p99 10.0 ms; 100 × 404',
      '113/s: 98.0 % in time, p50 10.0 ms, p99 251.0 ms; 100 × 404 | 97.0 % in time, p50 10.0 ms, p99 251.0 ms; 100 × 404',
    ],
  });
});

test('each attempt is a row of the table, and the times are the curve', () => {
  // Requests are sent every 20 ms unless stated otherwise. The number served per second is based on the actual duration
  // of a step.
  const table = judged([50, BORNE], [100, { refused: 20 }], [200, { slow: 2, every: 5 }, { every: 10 }])?.table;
  expect(table).toEqual({
    columns: ['requests/s', 'served/s', 'in time, %', 'p50, ms', 'p99, ms'],
    rows: [
      [50, 50, 100, 10, 10],
      [100, 40.2, 80, 10, 10],
      [200, 198, 98, 10, 251],
      [200, 100, 100, 10, 10],
    ],
    curve: ['p50, ms', 'p99, ms'],
  });
});

test.each([
  [
    'a step that was borne at the second attempt',
    'PASS',
    [
      [25, BORNE],
      [50, MISSED, BORNE],
      [75, MISSED, MISSED],
    ],
  ],
  ['one slow request of a hundred', 'PASS', [[50, { slow: 1 }]]],
  [
    'nothing missed',
    'PASS',
    [
      [25, BORNE],
      [50, BORNE],
    ],
  ],
  [
    'the promised step missed twice',
    'FAIL',
    [
      [25, BORNE],
      [50, MISSED, MISSED],
    ],
  ],
  ['the first step missed twice', 'FAIL', [[25, MISSED, MISSED]]],
  [
    'the promised step refused',
    'FAIL',
    [
      [25, BORNE],
      [50, { refused: 2 }, { refused: 2 }],
    ],
  ],
  [
    'the promised step missed once only',
    'INCONCLUSIVE',
    [
      [25, BORNE],
      [50, MISSED],
    ],
  ],
  ['a generator that was late at one attempt', 'INCONCLUSIVE', [[50, { ...MISSED, late: 6 }, MISSED]]],
  ['a generator that was late now and then', 'FAIL', [[50, { ...MISSED, late: 5 }, MISSED]]],
  ['a step borne by a generator that was late', 'INCONCLUSIVE', [[50, { late: 6 }]]],
  ['too few requests', 'INCONCLUSIVE', [[50, { n: 19 }]]],
  ['just enough requests', 'PASS', [[50, { n: 20 }]]],
  [
    'the promised step left out',
    'INCONCLUSIVE',
    [
      [25, BORNE],
      [75, MISSED, MISSED],
    ],
  ],
  ['only less than is promised', 'INCONCLUSIVE', [[25, BORNE]]],
  [
    'a step after one that was missed',
    'FAIL',
    [
      [25, MISSED, MISSED],
      [50, BORNE],
    ],
  ],
] as [string, string, Parameters<typeof judged>][])('of a ramp, seeing %s: %s', (_, expected, steps) => {
  expect(judged(...steps)?.verdict).toBe(expected);
});

test('reports the reason for the end of the ramp', () => {
  expect(judged([50, BORNE])?.observed).toBe('50/s, and no step was missed');
  expect(judged([50, BORNE], [75, { late: 6 }])?.observed).toBe('50/s, but 75/s is unknown: the generator was late');
});

test('is INCONCLUSIVE without a ramp', () => {
  expect(judged()).toMatchObject({ verdict: 'INCONCLUSIVE', observed: 'no load', table: { rows: [] } });
});
