import { expect, test } from 'vitest';
import { workFinishedOnce } from '../../../../harness/checkers/work/work-finished-once.ts';
import { judgedWork } from './work-history.ts';

test.each([
  ['work that is finished once', {}, 'PASS', 'stock: before; bank: after 0.50 s'],
  ['refused attempts before it', { refused: [300] }, 'PASS', 'stock: before; bank: after 0.50 s'],
  ['work that is finished twice', { bank: [600, 700] }, 'FAIL', 'stock: before; bank: after 0.50 s, after 0.60 s'],
  ['a second request that is refused', { refused: [2_000] }, 'FAIL', 'stock: before; bank: after 0.50 s, after 1.90 s'],
  ['a step that is repeated', { stock: [20, 590] }, 'FAIL', 'stock: before, after 0.49 s; bank: after 0.50 s'],
  ['work that is never finished', { bank: [] }, 'INCONCLUSIVE', 'stock: before; bank: none'],
  ['a step that is never done', { stock: [] }, 'INCONCLUSIVE', 'stock: none; bank: after 0.50 s'],
  ['work that was watched for too short', { until: 2_580 }, 'INCONCLUSIVE', 'stock: before; bank: after 0.50 s'],
  ['a call that was not accepted', { status: 500 }, 'INCONCLUSIVE', 'the work was not accepted: 500'],
])('judges %s', (_, work, verdict, observed) => {
  expect(judgedWork(workFinishedOnce, work)).toMatchObject({
    check: 'finishes work once: order without bank',
    expected: 'no request to stock or bank after a successful one',
    observed,
    verdict,
  });
});
