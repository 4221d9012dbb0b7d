import { expect, test } from 'vitest';
import { otherFailures } from '../../../harness/commands/doctor-other-failures.ts';

const finding = (check: string, verdict: 'PASS' | 'FAIL' | 'INCONCLUSIVE') => ({
  check,
  expected: '',
  observed: '',
  verdict,
});

test('failures that are not counted are named once each, and the first three only', () => {
  const failed = ['answer to cut', 'answer to cut', 'b', 'c', 'd', 'e'].map((check) => finding(check, 'FAIL'));
  expect(otherFailures(failed.slice(0, 2))).toMatch(/^`run` will FAIL: answer to cut\. /);
  expect(otherFailures(failed)).toMatch(/FAIL: answer to cut; b; c; and 2 more\. /);
});

test('there is no note without failures', () => {
  expect(otherFailures([finding('a', 'PASS'), finding('b', 'INCONCLUSIVE')])).toBeUndefined();
});
