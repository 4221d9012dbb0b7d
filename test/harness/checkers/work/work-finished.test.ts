import { expect, test } from 'vitest';
import { workFinished } from '../../../../harness/checkers/work/work-finished.ts';
import { starved } from '../../../support/history.ts';
import { judgedWork, ORDER, workFacts } from './work-history.ts';

test.each([
  ['work that is finished in time', {}, 'PASS', 'stock: before; bank: after 0.50 s'],
  ['all steps after the failure', { stock: [590] }, 'PASS', 'stock: after 0.49 s; bank: after 0.50 s'],
  ['work within the tolerance', { bank: [2_600], until: 4_700 }, 'PASS', 'stock: before; bank: after 2.50 s'],
  ['late work', { bank: [2_602], until: 4_700 }, 'FAIL', 'stock: before; bank: after 2.50 s'],
  ['work that is never finished', { bank: [], until: 5_100 }, 'FAIL', 'stock: before; bank: none'],
  ['a step that is never done', { stock: [], until: 5_100 }, 'FAIL', 'stock: none; bank: after 0.50 s'],
  ['work that the upstream refuses', { bank: [], refused: [600], until: 5_100 }, 'FAIL', 'stock: before; bank: none'],
  ['work that was watched for too short', { bank: [], until: 2_500 }, 'INCONCLUSIVE', 'stock: before; bank: none'],
  ['work that did not fail', { fails: false }, 'INCONCLUSIVE', 'stock: before; bank: after 0.50 s'],
  ['a call that was not accepted', { status: 500 }, 'INCONCLUSIVE', 'the work was not accepted: 500'],
  ['a call that was not made', { status: null }, 'INCONCLUSIVE', 'the call was not made'],
  [
    'an upstream that stays broken',
    { until: 2_000 },
    'INCONCLUSIVE',
    'fewer than 2 s were recorded after bank recovered',
  ],
])('judges %s', (_, work, verdict, observed) => {
  expect(judgedWork(workFinished, work)).toMatchObject({
    check: 'finishes work by itself: order without bank',
    requests: [{ phase: '1' }, { phase: '2' }],
    expected: 'a successful request to stock and bank within 2 s',
    observed,
    verdict,
  });
});

test('judges the work after a restart', () => {
  const facts = workFacts({ finishesLater: { ...ORDER.finishesLater, survives: 'SIGKILL' } });
  const judged = (work: object) => judgedWork(workFinished, { signal: 'SIGKILL', ...work }, facts);
  expect(judged({})?.verdict).toBe('PASS');
  expect(judged({ bank: [], until: 5_100 })?.verdict).toBe('FAIL');
  // Work that was finished without a restart says nothing about it.
  expect(judgedWork(workFinished, { signal: 'SIGTERM' }, facts)).toBeUndefined();
  expect(workFinished.cases?.(facts)?.map(({ promises }) => promises.length)).toEqual([1, 1, 2]);
});

test('a delay of the machine explains late work', () => {
  const facts = { ...workFacts(), noise: { timerLateMs: 100, loopbackMs: 0, stolenShare: 0 } };
  const verdictAt = (after: number) => judgedWork(workFinished, { bank: [after], until: 4_800 }, facts)?.verdict;
  expect([verdictAt(2_600), verdictAt(2_700), verdictAt(2_702)]).toEqual(['PASS', 'INCONCLUSIVE', 'FAIL']);
});

test('work that never comes is missing, although the machine was busy all the time', () => {
  const busy = [
    starved('service', 0, 1, 0),
    ...[2_000, 4_000, 6_000].map((at) => starved('service', at - 2_000, at, 1_500)),
  ];
  const verdictUntil = (until: number) => judgedWork(workFinished, { bank: [], until, beside: busy })?.verdict;
  expect(verdictUntil(6_500)).toBe('FAIL');
  expect(verdictUntil(3_500)).toBe('INCONCLUSIVE');
});
