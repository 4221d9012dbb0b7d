import { expect, test } from 'vitest';
import type { BuildRound, Measure } from '../../../harness/gate/build-round.ts';
import { judgeComparison, writeComparison } from '../../../harness/gate/comparison.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const measures = (['p50', 'cpu', 'saturation', 'memory', 'kept'] as const).map(
  (kind): Measure => ({ kind, than: 'other', own: 2, other: 2, ratio: 1, ...(kind === 'p50' && { of: 'home' }) }),
);
const round: BuildRound = { measures, calls: 100, unserved: { own: 0, other: 0 } };

test('a comparison that passes names the measures that it lacks, also when it is judged again', async () => {
  const folder = await temporaryFolder();
  const judged = await writeComparison(folder, {
    wanted: 16,
    seconds: 100,
    seed: 1,
    again: 'make gate',
    against: 'main',
    onlyHere: [],
    expected: [{ kind: 'recovery', of: 'prices', than: 'other' }],
    rounds: Array.from({ length: 12 }, () => round),
  });
  expect(judged).toMatchObject({
    verdict: 'PASS',
    notes: [expect.stringMatching(/^changes measured: 5 of 6; not measured: time to recover of prices$/)],
  });
  expect(await judgeComparison(`${folder}/gate-comparison`)).toEqual(judged);
});
