import { expect, test } from 'vitest';
import { answersCompared } from '../../../../harness/checkers/answers/answers-compared.ts';
import type { Facts } from '../../../../harness/checkers/lib/checker.ts';
import { begun } from '../../../support/history.ts';
import { answered, factsWith, got, judged, oneByOne } from './answers.ts';

const SPLIT = { action: 'split answers', endpoint: 'ask' } as const;
const planned = (facts: Facts): Facts => ({ ...facts, proof: { ...facts.proof, plan: [SPLIT] } });
const PROMISED = planned(factsWith({ answers: { as: 'whole' } }));

const seen = (marks: string, facts: Facts) =>
  judged(answersCompared, [begun(1, SPLIT, 0, 0), answered(1, 5), got(10, marks, { tags: { phase: '1' } })], facts);

test('a phase with words of answers passes', () => {
  expect(seen('1:0-9', PROMISED)).toMatchObject([
    { check: 'compared: answers in pieces, ask', observed: '1 of 1 response', verdict: 'PASS' },
  ]);
});

test('a phase without words is INCONCLUSIVE if there were answers before, or if the contract promises them', () => {
  const before = oneByOne('1:0-9');
  const events = [...before, begun(1, SPLIT, 200, 0), got(210, '', { tags: { phase: '1' } })];
  expect(judged(answersCompared, events, planned(factsWith()))).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
  expect(seen('', PROMISED)).toMatchObject([{ observed: '0 of 1 response', verdict: 'INCONCLUSIVE' }]);
  expect(seen('', planned(factsWith()))).toEqual([]);
  expect(seen('1:0-9', planned(factsWith()))).toMatchObject([{ verdict: 'PASS' }]);
});

test('only promised answers must have been compared', () => {
  expect(answersCompared.cases?.(PROMISED)).toEqual([{ check: 'compared: answers in pieces, ask', promises: [] }]);
  expect(answersCompared.cases?.(planned(factsWith({ answers: { as: 'none' } })))).toEqual([]);
  expect(answersCompared.cases?.(factsWith())).toBe(undefined);
});
