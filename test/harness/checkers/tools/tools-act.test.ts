import { expect, test } from 'vitest';
import { toolsAct } from '../../../../harness/checkers/tools/tools-act.ts';
import { A, B, call, judgedTalk, rows, type Talk, toolFacts } from './tool-history.ts';

const PHASE = { action: 'tools act', endpoint: 'ask', upstream: 'model' } as const;
const ONE: Talk = { turns: [{ calls: [call(A)] }] };

const judgedOf = (tool: string, talk: Talk, facts = toolFacts()) =>
  judgedTalk(toolsAct, PHASE, talk, facts).find(({ check }) => check === `acts once for each call: ${tool} in ask`);

test.each<[string, Talk, string, string]>([
  ['an effect', { ...ONE, effects: [{ unique: [A] }] }, 'PASS', '1 effect of 1 call'],
  [
    'attempts with the same key',
    {
      ...ONE,
      effects: [
        { unique: [A], key: 'x' },
        { unique: [A], key: 'x' },
      ],
    },
    'PASS',
    '1 effect of 1 call',
  ],
  [
    'a refused attempt before it',
    { ...ONE, effects: [{ unique: [A], status: 500 }, { unique: [A] }] },
    'PASS',
    '1 effect of 1 call',
  ],
  ['two effects', { ...ONE, effects: [{ unique: [A] }, { unique: [A] }] }, 'FAIL', '2 effects of 1 call'],
  [
    'attempts with other keys',
    {
      ...ONE,
      effects: [
        { unique: [A], key: 'x' },
        { unique: [A], key: 'y' },
      ],
    },
    'FAIL',
    '2 effects of 1 call',
  ],
  ['other arguments', { ...ONE, effects: [{ unique: [B] }] }, 'FAIL', '1 effect of 1 call'],
  ['no effect', ONE, 'FAIL', '0 effects of 1 call'],
  [
    'a model that calls no tool',
    { turns: [{}] },
    'INCONCLUSIVE',
    'model did not call order: requests offered no tools',
  ],
  ['a model that is not asked', {}, 'INCONCLUSIVE', 'ask did not ask model'],
  [
    'an incomplete record',
    { ...ONE, told: null, effects: [{ unique: [A] }] },
    'INCONCLUSIVE',
    'the record lacks whether a caller was told of a failure',
  ],
])('judges %s', (_, talk, verdict, observed) => {
  expect(judgedOf('order', talk)).toMatchObject({ verdict, observed });
});

test('without an effect, the result says what the upstream got', () => {
  const refused = { ...ONE, effects: [{ unique: [A], status: 422 }] };
  expect(judgedOf('order', refused)?.evidence).toEqual(['shop answered POST /orders/1 with 422']);
  const elsewhere = toolFacts({ effect: 'POST /charges' });
  expect(judgedOf('order', refused, elsewhere)?.evidence).toEqual(['shop got POST /orders/1, not POST /charges']);
});

test.each<[string, Talk['other'], string, string]>([
  ['a new row', [rows(-10, B), rows(150, B, A)], 'PASS', '1 effect of 1 call'],
  ['two new rows', [rows(-10), rows(150, A, A)], 'FAIL', '2 effects of 1 call'],
  ['a table that was not read', [rows(-10)], 'INCONCLUSIVE', 'the table of note was not read'],
  [
    'a table that does not exist',
    [rows(-10), { ...rows(150), problem: 'no notes' } as never],
    'INCONCLUSIVE',
    "the table of note can't be read: no notes",
  ],
])('judges %s', (_, other, verdict, observed) => {
  const talk = { turns: [{ calls: [call(A, undefined, 'note')] }], other: other ?? [] };
  expect(judgedOf('note', talk)).toMatchObject({ verdict, observed });
});
