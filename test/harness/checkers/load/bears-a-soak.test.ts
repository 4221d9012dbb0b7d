import { expect, test } from 'vitest';
import { bearsASoak } from '../../../../harness/checkers/load/bears-a-soak.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, connections, facts, metric, STRAY } from '../../../support/history.ts';
import { type Load, loadOf } from '../../../support/load.ts';

interface Case {
  /** The results for each third of the load. */
  thirds?: [Load, Load, Load];
  /** Memory at each sample, in megabytes. */
  memory?: number[];
  total?: number;
  samples?: number;
}

const flat = (megabytes: number, n = 5): number[] => Array.from({ length: n }, () => megabytes);
const CHECKS = [
  'serves a soak in time',
  'no slower at the end of a soak',
  'memory does not grow in a soak',
  'stays within the pool in a soak',
];

function judged({ thirds = [{}, {}, {}], memory = flat(100, 15), total = 5, samples = 5 }: Case): string[] {
  const events = [
    connections(1, 99),
    begun(1, { action: 'soak' }, 100, 0),
    ...thirds.flatMap((third, index) => loadOf(200 + index * 2_000, third, { phase: '1', about: 'load' })),
    ...memory.flatMap((megabytes, index) => [
      metric('memory_bytes', 200 + index * 400, megabytes * 1_000_000, { phase: '1' }),
      metric('control_ms', 200 + index * 400, 1, { phase: '1' }),
    ]),
    ...Array.from({ length: samples }, (_, index) => connections(300 + index, index === 2 ? total : 1)),
    begun(2, { action: 'steady again' }, 90_000, 0),
    connections(90_001, 99),
  ];
  const findings = bearsASoak.judge(new History([STRAY, ...events]), facts());
  expect(findings.map(({ check }) => check)).toEqual(CHECKS);
  return findings.map(({ verdict }) => verdict);
}

const LEAK = [...flat(100), ...flat(120), ...flat(151)];

test.each([
  ['all well', ['PASS', 'PASS', 'PASS', 'PASS'], {}],
  ['too many slow ones', ['FAIL', 'PASS', 'PASS', 'PASS'], { thirds: [{}, { slow: 4 }, {}] }],
  ['a few slow ones', ['PASS', 'PASS', 'PASS', 'PASS'], { thirds: [{}, { slow: 3 }, {}] }],
  ['a generator that was late', ['INCONCLUSIVE', 'PASS', 'PASS', 'PASS'], { thirds: [{}, { late: 16 }, {}] }],
  ['slower ones at the end', ['PASS', 'FAIL', 'PASS', 'PASS'], { thirds: [{}, {}, { ms: 13 }] }],
  ['memory that piles up', ['PASS', 'PASS', 'FAIL', 'PASS'], { memory: LEAK }],
  [
    'half as much memory again',
    ['PASS', 'PASS', 'PASS', 'PASS'],
    { memory: [...flat(100), ...flat(120), ...flat(150)] },
  ],
  [
    'little memory, and 50 MB more',
    ['PASS', 'PASS', 'PASS', 'PASS'],
    { memory: [...flat(20), ...flat(20), ...flat(70)] },
  ],
  [
    'memory that is let go of again',
    ['PASS', 'PASS', 'PASS', 'PASS'],
    { memory: [...flat(100), ...flat(120), ...flat(300, 4), 100] },
  ],
  ['too few looks at the memory', ['PASS', 'PASS', 'INCONCLUSIVE', 'PASS'], { memory: [] }],
  ['memory that is not told', ['PASS', 'PASS', 'INCONCLUSIVE', 'PASS'], { memory: flat(Number.NaN, 15) }],
  ['a connection too many', ['PASS', 'PASS', 'PASS', 'FAIL'], { total: 6 }],
  ['too few looks at the connections', ['PASS', 'PASS', 'PASS', 'INCONCLUSIVE'], { samples: 4 }],
] as [string, string[], Case][])('a soak, seeing %s', (_, expected, change) => {
  expect(judged(change)).toEqual(expected);
});

test('memory and connections are not judged if the contract does not describe them', () => {
  const { contract, numbers, ...rest } = facts();
  const { memory: _, ...without } = contract;
  const { pool: __, ...fewer } = numbers;
  const checks = bearsASoak
    .judge(new History([]), { contract: without, numbers: fewer, ...rest })
    .map(({ check }) => check);
  expect(checks).toEqual(CHECKS.slice(0, 2));
});
