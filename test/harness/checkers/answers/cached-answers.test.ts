import { expect, test } from 'vitest';
import {
  cachedAnswersApart,
  cachedAnswersEnd,
  failuresNotCached,
} from '../../../../harness/checkers/answers/cached-answers.ts';
import type { Facts } from '../../../../harness/checkers/lib/checker.ts';
import type { ActionName } from '../../../../harness/contract/phases.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, metric } from '../../../support/history.ts';
import { answered, factsWith, got, judged } from './answers.ts';

const cache = { perCaller: true, seconds: 1 };
const FACTS = factsWith({ answers: { cache } });
const STREAMED = factsWith({ answers: { cache }, stream: { format: 'sse' } });

/** Calls one after another: their purpose, their status, and whether their upstream was called. */
type Calls = readonly (readonly [about: string, status: number, isCalled: boolean])[];

function historyOf(action: ActionName, calls: Calls): HistoryEvent[] {
  return [
    begun(1, { action, endpoint: 'ask' } as never, 0, 0),
    ...calls.flatMap(([about, status, isCalled], index) => [
      got(index * 100, {}, { tags: { phase: '1', about }, call: { status } }),
      ...(isCalled ? [answered(index + 1, index * 100 + 5)] : []),
    ]),
  ];
}

const apart = (status: number, isCalled: boolean) =>
  judged(
    cachedAnswersApart,
    historyOf('cached for another', [
      ['first', 200, true],
      ['of another caller', status, isCalled],
    ]),
    FACTS,
  )[0];

test('another caller with the same question needs an answer of its own', () => {
  expect(apart(200, true)).toMatchObject({ verdict: 'PASS', observed: 'answered by its upstream' });
  expect(apart(200, false)).toMatchObject({
    check: 'no answer of another caller from the cache: ask',
    verdict: 'FAIL',
    observed: 'the caller got the answer from the cache',
  });
  expect(apart(502, false)).toMatchObject({ verdict: 'INCONCLUSIVE', observed: 'the call got 502' });
  expect(judged(cachedAnswersApart, historyOf('cached for another', [['first', 200, true]]), FACTS)).toMatchObject([
    { verdict: 'INCONCLUSIVE', observed: 'no such call was made' },
  ]);
});

test('it is not known whether callers have caches of their own if nothing tells them apart', () => {
  const plan = { about: '', judges: '', plan: [{ action: 'cached answers', endpoint: 'ask' }] };
  const found = cachedAnswersApart.judge(new History([]), { ...FACTS, proof: { ...FACTS.proof, ...plan } } as Facts);
  expect(found).toMatchObject([
    { verdict: 'INCONCLUSIVE', lasting: true, usually: expect.stringContaining('Write `${client}` into') },
  ]);
  expect(cachedAnswersApart.cases?.({ ...FACTS, proof: { ...FACTS.proof, ...plan } } as Facts)).toHaveLength(1);
});

test('a cache for all callers, and no cache, are not judged', () => {
  const shared = factsWith({ answers: { cache: { ...cache, perCaller: false } } });
  expect(judged(cachedAnswersApart, historyOf('cached for another', [['first', 200, true]]), shared)).toEqual([]);
  expect(judged(failuresNotCached, historyOf('cached answers', [['first', 200, true]]), factsWith())).toEqual([]);
});

const afterFailure = (...calls: Calls) => judged(failuresNotCached, historyOf('cached answers', calls), FACTS)[0];

test('a question that failed is answered by its upstream when it is sent again', () => {
  expect(afterFailure(['failure', 502, true], ['after failure', 200, true])).toMatchObject({ verdict: 'PASS' });
  expect(afterFailure(['failure', 502, true], ['after failure', 502, false])).toMatchObject({
    verdict: 'FAIL',
    observed: 'after a failure: 502, no full answer, from the cache',
  });
  // The first attempt met a breaker.
  expect(
    afterFailure(['failure', 502, true], ['after failure', 503, false], ['after failure', 200, true]),
  ).toMatchObject({ verdict: 'PASS' });
});

test('nothing is known without a failure, and if the upstream fails again', () => {
  expect(afterFailure(['failure', 200, false], ['after failure', 200, false])).toMatchObject({
    verdict: 'INCONCLUSIVE',
    observed: 'no call with a failure reached an upstream',
  });
  expect(afterFailure(['failure', 200, true], ['after failure', 200, false])).toMatchObject({
    verdict: 'INCONCLUSIVE',
    observed: 'the call with a failure was served',
  });
  expect(afterFailure(['failure', 502, true])?.verdict).toBe('INCONCLUSIVE');
  expect(afterFailure(['failure', 502, true], ['after failure', 502, true])?.verdict).toBe('INCONCLUSIVE');
  expect(afterFailure(['first', 200, true])).toMatchObject({ verdict: 'INCONCLUSIVE' });
});

test('a stream that broke off is not sent again', () => {
  const calls: Calls = [
    ['failure', 502, true],
    ['after failure', 200, true],
    ['cut', 200, true],
    ['after cut', 200, false],
  ];
  const complete = (about: string, after: number) => metric('complete_streams', after, 1, { phase: '1', about });
  const cut = (...more: HistoryEvent[]) =>
    judged(
      failuresNotCached,
      [...historyOf('cached answers', calls), complete('after failure', 120), ...more],
      STREAMED,
    );
  expect(cut()).toMatchObject([{ verdict: 'FAIL', observed: 'after a cut: 200, no full answer, from the cache' }]);
  expect(cut(complete('after cut', 320))).toMatchObject([
    { verdict: 'FAIL', observed: 'after a cut: 200 from the cache' },
  ]);
  expect(cut(complete('cut', 220))).toMatchObject([
    { verdict: 'INCONCLUSIVE', observed: 'the call with a cut was served' },
  ]);
});

const expired = (again: boolean, late: boolean) =>
  judged(
    cachedAnswersEnd,
    historyOf('cached answers', [
      ['first', 200, true],
      ['again', 200, again],
      ['expired', 200, late],
    ]),
    FACTS,
  )[0];

test('an answer is not used after its time', () => {
  expect(expired(false, true)).toMatchObject({ verdict: 'PASS' });
  expect(expired(false, false)).toMatchObject({
    verdict: 'FAIL',
    observed: 'the caller got an old answer from the cache',
  });
  expect(expired(true, true)).toMatchObject({
    verdict: 'INCONCLUSIVE',
    observed: 'no answer came from the cache before',
  });
});

test('a time that the script does not wait for is not judged', () => {
  const long = factsWith({ answers: { cache: { ...cache, seconds: 60 } } });
  expect(judged(cachedAnswersEnd, historyOf('cached answers', [['first', 200, true]]), long)).toEqual([]);
});
