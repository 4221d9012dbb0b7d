import { expect, test } from 'vitest';
import { addChecker } from '../../../harness/checkers/index.ts';
import { History } from '../../../harness/history/history.ts';
import { judgeEach } from '../../../harness/judge/judge.ts';
import { parseCheck } from '../../../harness/project/parse-check.ts';
import type { Verdict } from '../../../harness/verdict/finding.ts';
import { begun, facts, request } from '../../support/history.ts';

const FINDING = { check: 'told', expected: 'the truth', observed: 'a lie', verdict: 'PASS' };

/** Judges an empty history by an own check that returns this. */
function judged(name: string, returned: unknown) {
  addChecker(parseCheck({ name, usually: 'A bug.', judge: () => returned }));
  const all = [...judgeEach(new History(), facts(), [name])];
  return all.find(([checker]) => checker === name)?.[1];
}

test('the findings of an own check are taken as they are', () => {
  expect(judged('fine', [FINDING])).toEqual([{ ...FINDING, checker: 'fine' }]);
});

test.each<[string, unknown]>([
  ['no-finding', []],
  ['nothing', undefined],
  ['misspelt', [{ ...FINDING, verdict: 'pass' }]],
  ['without-text', [{ ...FINDING, observed: undefined }]],
  ['promise', Promise.resolve([FINDING])],
])('an own check is INCONCLUSIVE if it returns something else: %s', (name, returned) => {
  const message = expect.stringContaining('judge() must return a list of findings, with at least one');
  expect(judged(name, returned)).toMatchObject([{ verdict: 'INCONCLUSIVE', observed: message }]);
});

const recorded = new History([begun(1, { own: 'wrong currency' }, 0, 0), request(1, 5, 200, { phase: '1' })]);

/** Judges this record by an own check that reads own phases. */
function reading(verdict: Verdict, names: string[], more: object = {}) {
  const check = parseCheck({
    name: 'reads',
    usually: 'A bug.',
    judge(history: History) {
      for (const name of names) history.own(name);
      return [{ ...FINDING, verdict, ...more }];
    },
  });
  return check.judge(recorded, facts())[0];
}

test('an own check that reads a misspelt phase is told which one was meant', () => {
  expect(reading('INCONCLUSIVE', ['wrong currency', 'wrong curency'])?.usually).toBe(
    'The check reads the phase "own: wrong curency", which the scenario did not begin. Did you mean "own: wrong currency"?',
  );
  expect(reading('INCONCLUSIVE', ['another name'])?.usually).toBe(
    'The check reads the phase "own: another name", which the scenario did not begin. Recorded are: own: wrong currency.',
  );
  expect(reading('INCONCLUSIVE', ['x'], { usually: 'its own cause' })?.usually).toBe('its own cause');
  expect(reading('INCONCLUSIVE', ['wrong currency'])?.usually).toBeUndefined();
});

test('an own check that saw none of the phases that it reads can fail, but not pass', () => {
  expect(reading('PASS', ['x'])).toMatchObject({
    verdict: 'INCONCLUSIVE',
    usually: expect.stringContaining('"own: x"'),
  });
  expect(reading('FAIL', ['x'])).toMatchObject({ verdict: 'FAIL' });
  expect(reading('PASS', ['wrong currency', 'x'])).toMatchObject({ verdict: 'PASS' });
});
