import { expect, test } from 'vitest';
import { otherFailures, willFailNote } from '../../../harness/commands/doctor-other-failures.ts';
import { tellScenario } from '../../../harness/commands/doctor-trial.ts';
import { finding, scenarioResult } from '../../support/run-result.ts';

test('failures that are not counted are named once each, and the first three only', () => {
  const failed = ['answer to cut', 'answer to cut', 'b', 'c', 'd', 'e'].map((check) => finding(check, 'FAIL'));
  const noteOf = (findings: typeof failed) => willFailNote(otherFailures(findings));
  expect(noteOf(failed.slice(0, 2))).toMatch(/^`run` will FAIL: answer to cut\. /);
  expect(noteOf(failed)).toMatch(/FAIL: answer to cut; b; c; and 2 more\. /);
});

test('nothing is named without failures', () => {
  expect(otherFailures([finding('a', 'PASS'), finding('b', 'INCONCLUSIVE')])).toEqual([]);
});

test('a scenario with a failure that is not counted does not seem to pass', () => {
  const lineWith = (verdict: 'PASS' | 'FAIL') => {
    const said: string[] = [];
    const result = scenarioResult('chaos/smoke', [finding('counted', 'PASS'), finding('answer to cut', verdict)]);
    const output = { say: (line = '') => void said.push(line), width: 100 };
    const { notes, willFail } = tellScenario(result, output, ({ check }) => check === 'counted');
    return { line: said[0], notes, willFail };
  };
  expect(lineWith('FAIL')).toEqual({
    line: expect.stringMatching(/FAIL .*2 checks: 1 fail/),
    notes: [expect.stringContaining('answer to cut')],
    willFail: ['answer to cut'],
  });
  expect(lineWith('PASS')).toEqual({ line: expect.stringMatching(/PASS .*1 check\b/), notes: [], willFail: [] });
});
