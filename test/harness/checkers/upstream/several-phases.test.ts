import { expect, test } from 'vitest';
import { ifAllBegan } from '../../../../harness/checkers/upstream/several-phases.ts';
import type { Finding } from '../../../../harness/verdict/finding.ts';

const together = {
  planned: ['a', 'b', 'another check'],
  checkOf: (phase: string) => (phase.length === 1 ? 'both' : phase),
  promisesOf: () => [],
};

test.each<[Finding['verdict'], number, Finding['verdict']]>([
  ['PASS', 2, 'PASS'],
  ['PASS', 1, 'INCONCLUSIVE'],
  ['FAIL', 1, 'FAIL'],
])('%s in %d of 2 planned phases gives %s', (verdict, began, expected) => {
  const finding: Finding = { check: 'both', expected: 'x', observed: 'y', verdict, evidence: ['known'] };
  const why = expected === 'INCONCLUSIVE' ? ['only 1 of the 2 phases for this check started'] : [];
  expect(ifAllBegan(finding, began, together)).toEqual({
    ...finding,
    verdict: expected,
    evidence: ['known', ...why],
  });
});
