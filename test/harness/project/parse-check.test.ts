import { expect, test } from 'vitest';
import { addChecker } from '../../../harness/checkers/index.ts';
import { History } from '../../../harness/history/history.ts';
import { judgeEach } from '../../../harness/judge/judge.ts';
import { parseCheck } from '../../../harness/project/parse-check.ts';
import { facts } from '../../support/history.ts';

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
