import { expect, test } from 'vitest';
import { failedChecks } from '../../../harness/commands/doctor-failed-checks.ts';

const finding = (check: string, verdict: 'PASS' | 'FAIL' | 'INCONCLUSIVE', observed = '1 × 502') => ({
  scenario: 'stress/smoke',
  check,
  expected: '200',
  observed,
  verdict,
});

test('lists the checks that did not pass, each in one line', () => {
  const findings = [finding('a', 'PASS'), finding('b', 'FAIL', 'one\ntwo'), finding('c', 'INCONCLUSIVE')];
  expect(failedChecks(findings)).toEqual([
    '\nChecks that did not pass:',
    '  FAIL  stress/smoke: b: one',
    '  INCONCLUSIVE  stress/smoke: c: 1 × 502',
  ]);
});

test('lists nothing if all passed', () => {
  expect(failedChecks([finding('a', 'PASS')])).toEqual([]);
});
