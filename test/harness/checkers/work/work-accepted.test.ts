import { expect, test } from 'vitest';
import { workAccepted } from '../../../../harness/checkers/work/work-accepted.ts';
import { History } from '../../../../harness/history/history.ts';
import { judgedWork, ORDER, workFacts } from './work-history.ts';

test.each([
  ['an accepted call', { status: 202 }, 'PASS', '1 × 202'],
  ['an error', { status: 500 }, 'FAIL', '1 × 500'],
  ['a call that is served as if nothing had failed', { status: 201 }, 'FAIL', '1 × 201'],
  ['a call without an answer', { status: 0 }, 'FAIL', '1 × no answer'],
  ['a call whose upstream did not fail', { fails: false }, 'INCONCLUSIVE', '1 × 202'],
  ['no call', { status: null }, 'INCONCLUSIVE', 'none'],
])('judges %s', (_, work, verdict, observed) => {
  expect(judgedWork(workAccepted, work)).toMatchObject({
    check: 'accepts work: order without bank',
    requests: [{ phase: '1' }, { phase: '2' }],
    expected: '202',
    observed,
    verdict,
  });
});

const finishesLater = { ...ORDER.finishesLater, survives: 'SIGKILL' };

test('there is a case for each HTTP upstream that gets the work, and one after a restart', () => {
  const casesOf = (changed: object, upstreams?: object) =>
    workAccepted.cases?.(workFacts(changed, upstreams))?.map(({ check }) => check);
  const both = ['accepts work: order without stock', 'accepts work: order without bank'];
  expect(casesOf({})).toEqual(both);
  expect(casesOf({ finishesLater })).toEqual([...both, 'accepts work: order without bank, then SIGKILL']);
  expect(casesOf({ finishesLater: { ...finishesLater, upstreams: ['stock'] } })).toEqual([
    'accepts work: order without stock',
    'accepts work: order without stock, then SIGKILL',
  ]);
  expect(casesOf({ servedWithout: ['stock'] })).toEqual(both.slice(1));
  expect(casesOf({ reaches: ['bank', 'mail'] }, { mail: { tcp: '127.0.0.1:25' } })).toEqual(both.slice(1));
  expect(casesOf({ finishesLater: undefined })).toEqual([]);
});

test('a case says which promise it judges', () => {
  const [first] = workAccepted.cases?.(workFacts()) ?? [];
  expect(first?.promises).toEqual([['endpoints', 'order', 'finishesLater', 'accepted']]);
});

test('work that the script did not try is not proved', () => {
  expect(workAccepted.judge(new History(), workFacts()).map(({ verdict }) => verdict)).toEqual([
    'INCONCLUSIVE',
    'INCONCLUSIVE',
  ]);
});
