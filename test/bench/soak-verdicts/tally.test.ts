import { expect, test } from 'vitest';
import { summarizeTally, tallyOf, tallyTable } from '../../../bench/soak-verdicts/tally.ts';
import type { Verdict } from '../../../harness/verdict/finding.ts';
import { finding, runResult, scenarioResult } from '../../support/run-result.ts';

const runOf = (counts: Partial<Record<Verdict, number>>) =>
  runResult(
    Object.entries(counts).flatMap(([verdict, n]) =>
      Array.from({ length: n }, () => scenarioResult('chaos/a', [finding('opens', verdict as Verdict)])),
    ),
  );

test.each([
  [{ PASS: 200, INCONCLUSIVE: 1 }, 0, true],
  [{ PASS: 198, INCONCLUSIVE: 1 }, 0, false],
  [{ PASS: 300, FAIL: 1 }, 0, false],
  [{ PASS: 98, INCONCLUSIVE: 2 }, 4, true],
  [{ PASS: 97, INCONCLUSIVE: 3 }, 4, false],
  [{ PASS: 100, FAIL: 1 }, 4, false],
] as const)('%o beside %i loops: held is %s', (counts, loops, held) => {
  expect(tallyOf([runOf(counts)], loops)).toMatchObject({ ...counts, held });
});

test('counts the scenarios of all runs', () => {
  expect(
    summarizeTally(tallyOf([runOf({ PASS: 3 }), runOf({ PASS: 3, INCONCLUSIVE: 2 }), runOf({ FAIL: 2 })], 4)),
  ).toBe('10 scenario runs: 6 PASS, 2 INCONCLUSIVE (20.0 %; allowed: 2.0 %), 2 FAIL (allowed: 0); 0 measured again');
});

test('the table has the scenarios of each service, and what was observed when a check did not pass', () => {
  const unsure = { ...finding('closes: b', 'INCONCLUSIVE'), observed: 'the burst took 2.0 s' };
  const follower = { ...finding('opens', 'INCONCLUSIVE'), follows: 'closes: b' };
  const runs = [
    [finding('opens', 'PASS'), finding('closes: a', 'PASS'), finding('closes: b', 'PASS')],
    [follower, unsure],
    [follower, unsure],
  ].map((findings) =>
    runResult([
      scenarioResult('chaos/a', findings),
      scenarioResult('stress/b', [finding('c', 'PASS')], { measuredAgain: 'c: none' }),
    ]),
  );
  const kept = [
    ...runs.map((result) => ({ service: 'one', folder: '', result })),
    { service: 'two', folder: '', result: runOf({ FAIL: 1 }) },
  ];
  const lines = tallyTable(kept)
    .split('\n')
    .map((line) =>
      line
        .split('│')
        .slice(1, -1)
        .map((cell) => cell.trim())
        .join(' '),
    );
  expect(lines.filter(Boolean).slice(1)).toEqual([
    'one: chaos/a 3 1 2 0',
    'opens 3 1 2 0',
    'INCONCLUSIVE, follows from: closes: b',
    'closes 4 2 2 0',
    'INCONCLUSIVE: the burst took 2.0 s',
    'one: stress/b 3 3 0 0',
    'measured again: c: none',
    'two: chaos/a 1 0 0 1',
    'opens 1 0 0 1',
    expect.stringMatching(/^FAIL: /),
  ]);
});
