import { expect, test } from 'vitest';
import { isOtherFailure, otherFailures } from '../../../harness/commands/doctor-other-failures.ts';
import { tellScenario } from '../../../harness/commands/doctor-trial.ts';
import { finding, scenarioResult } from '../../support/run-result.ts';

test('failures that are not counted are named once each, and the first three only', () => {
  const failed = ['answer to cut', 'answer to cut', 'b', 'c', 'd', 'e'].map((check) => finding(check, 'FAIL'));
  expect(otherFailures(failed.slice(0, 2))).toMatch(/^`run` will FAIL: answer to cut\. /);
  expect(otherFailures(failed)).toMatch(/FAIL: answer to cut; b; c; and 2 more\. /);
});

test('there is no note without failures', () => {
  expect(otherFailures([finding('a', 'PASS'), finding('b', 'INCONCLUSIVE')])).toBeUndefined();
});

test('a scenario with a failure that is not counted does not seem to pass', () => {
  const lineWith = (verdict: 'PASS' | 'FAIL') => {
    const said: string[] = [];
    const result = scenarioResult('chaos/smoke', [finding('counted', 'PASS'), finding('answer to cut', verdict)]);
    const output = { say: (line = '') => void said.push(line), width: 100 };
    const notes = tellScenario(result, output, ({ check }) => check === 'counted');
    return { line: said[0], failures: notes.filter(isOtherFailure) };
  };
  expect(lineWith('FAIL')).toEqual({
    line: expect.stringMatching(/FAIL .*2 checks: 1 fail/),
    failures: [expect.any(String)],
  });
  expect(lineWith('PASS')).toEqual({ line: expect.stringMatching(/PASS .*1 check\b/), failures: [] });
});
