import { expect, test } from 'vitest';
import { survivesASpike } from '../../../../harness/checkers/load/survives-a-spike.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, request, STRAY } from '../../../support/history.ts';
import { type Load, loadOf } from '../../../support/load.ts';

interface Case {
  before?: Load;
  spike?: Load;
  /** The status of one request in the spike, and its duration in milliseconds. */
  odd?: [status: number, ms: number];
  health?: number[];
  /** The result of each sample, one per second. */
  after?: Load[];
  /** How many milliseconds after the spike the first sample began. */
  late?: number;
}

const CHECKS = ['serves or refuses a spike', 'health stays up: spike', 'recovers after a spike'];

function judged({ before = {}, spike = {}, odd = [404, 5], health = [200, 200, 200], after = [{}], late = 0 }: Case) {
  const tags = { phase: '2', about: 'spike', endpoint: 'conversation-read' };
  const events = [
    begun(1, { action: 'calm before' }, 100, 0),
    ...loadOf(100, { n: 50, ...before }, { phase: '1' }),
    begun(2, { action: 'spike' }, 3_000, 0),
    ...loadOf(3_100, { n: 1_000, every: 2, refused: 500, ...spike }, tags),
    ...(spike.n === 0 ? [] : [request(3_500, odd[1], odd[0], tags)]),
    ...health.map((status) => request(3_500, 5, status, { phase: '2', about: 'health', endpoint: 'health' })),
    begun(3, { action: 'calm after' }, 6_000, 0),
    ...after.flatMap((look, index) =>
      loadOf(5_950 + late + index * 1_000, { n: 25, ...look }, { phase: '3', look: String(index + 1) }),
    ),
  ];
  const findings = survivesASpike.judge(new History([STRAY, ...events]), facts());
  expect(findings.map(({ check }) => check)).toEqual(CHECKS);
  return findings;
}

const verdictsOf = (change: Case) => judged(change).map(({ verdict }) => verdict);
const MISSED: Load = { slow: 1 };

test.each([
  ['all well', ['PASS', 'PASS', 'PASS'], {}],
  ['an internal error', ['FAIL', 'PASS', 'PASS'], { odd: [500, 5] }],
  ['a request left hanging', ['FAIL', 'PASS', 'PASS'], { odd: [404, 10_001] }],
  ['one that was only just not', ['PASS', 'PASS', 'PASS'], { odd: [404, 10_000] }],
  ['a connection that broke', ['FAIL', 'PASS', 'PASS'], { odd: [0, 5] }],
  ['a spike that was none', ['INCONCLUSIVE', 'PASS', 'PASS'], { spike: { every: 11 } }],
  ['no spike', ['INCONCLUSIVE', 'PASS', 'PASS'], { spike: { n: 0 } }],
  ['health refused', ['PASS', 'FAIL', 'PASS'], { health: [200, 503, 200] }],
  ['a look that was missed first', ['PASS', 'PASS', 'PASS'], { after: [MISSED, {}] }],
  ['calm as late as may be', ['PASS', 'PASS', 'PASS'], { late: 5_000 }],
  ['calm too late', ['PASS', 'PASS', 'FAIL'], { late: 5_001 }],
  ['no calm', ['PASS', 'PASS', 'FAIL'], { after: [MISSED, MISSED] }],
  [
    'no calm, by a generator that was late',
    ['PASS', 'PASS', 'INCONCLUSIVE'],
    { after: [{ ...MISSED, late: 2 }, MISSED] },
  ],
  ['calm, by a generator that was late', ['PASS', 'PASS', 'INCONCLUSIVE'], { after: [{ late: 2 }] }],
  ['no calm before', ['PASS', 'PASS', 'INCONCLUSIVE'], { before: MISSED }],
  ['a generator that was late before', ['PASS', 'PASS', 'INCONCLUSIVE'], { before: { late: 3 } }],
  ['nobody looking before', ['PASS', 'PASS', 'INCONCLUSIVE'], { before: { n: 0 } }],
  ['nobody looking after', ['PASS', 'PASS', 'INCONCLUSIVE'], { after: [] }],
] as [string, string[], Case][])('a spike, seeing %s', (_, expected, change) => {
  expect(verdictsOf(change)).toEqual(expected);
});

test('reports how large the spike was, and when the service had recovered', () => {
  const [spike, , calm] = judged({ after: [MISSED, {}] });
  expect(spike?.observed).toBe('501/s: 500 × 503, 501 × 404; the longest took 0.01 s');
  expect(calm).toMatchObject({
    secondsToRecover: 1,
    observed: '1.00 s after it: 100.0 % in time, p50 10.0 ms, p99 10.0 ms',
  });
});
