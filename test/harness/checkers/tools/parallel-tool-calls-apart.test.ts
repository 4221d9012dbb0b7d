import { expect, test } from 'vitest';
import { parallelToolCallsApart } from '../../../../harness/checkers/tools/parallel-tool-calls-apart.ts';
import { A, B, call, judgedTalk, result, rows, type Talk } from './tool-history.ts';

const BOTH = [{ calls: [call(A), call(B)] }];
const FAILED = [...BOTH, { results: result('Error: unreadable') }];
const other = [rows(-10), rows(150)];

test.each<[string, Talk, plain: string, crossed: string]>([
  ['an effect of each call', { turns: BOTH, effects: [{ unique: [A] }, { unique: [B] }] }, 'PASS', 'PASS'],
  ['mixed arguments', { turns: BOTH, effects: [{ unique: [A, B] }] }, 'FAIL', 'FAIL'],
  [
    'the arguments of the last call twice',
    { turns: BOTH, effects: [{ unique: [B] }, { unique: [B] }] },
    'FAIL',
    'FAIL',
  ],
  ['arguments of no call', { turns: BOTH, effects: [{ unique: [A] }, { unique: [B] }, {}] }, 'FAIL', 'FAIL'],
  ['a lost call', { turns: BOTH, effects: [{ unique: [A] }] }, 'FAIL', 'FAIL'],
  ['calls that are refused', { turns: FAILED }, 'FAIL', 'PASS'],
  [
    'a single call in each answer',
    { turns: [{ calls: [call(A)] }], effects: [{ unique: [A] }] },
    'INCONCLUSIVE',
    'INCONCLUSIVE',
  ],
  ['a model that is not asked', {}, 'INCONCLUSIVE', 'INCONCLUSIVE'],
])('judges %s', (_, talk, plain, crossed) => {
  const verdicts = (['parallel tool calls', 'tool calls crossed'] as const).map(
    (action) =>
      judgedTalk(parallelToolCallsApart, { action, endpoint: 'ask', upstream: 'model' }, { ...talk, other })[0]
        ?.verdict,
  );
  expect(verdicts).toEqual([plain, crossed]);
});
