import { expect, test } from 'vitest';
import { specifiedRecovery } from '../../../../harness/checkers/breaker/specified-recovery.ts';
import { History } from '../../../../harness/history/history.ts';
import { facts, metric, request } from '../../../support/history.ts';

/** The breaker `llm` of a contract that promises a recovery timeout of 30 s. */
const { numbers, ...given } = facts();
const FACTS = { ...given, numbers: { ...numbers, breakers: { llm: { threshold: 5, recoverySeconds: 30 } } } };

const tags = { phase: 'open', about: 'recovery of llm', endpoint: 'conversation-end' };

function judged(value?: number, status = 503) {
  const said = value === undefined ? [] : [metric('retry_after_seconds', 105, value, tags)];
  return specifiedRecovery.judge(new History([request(100, 5, status, tags), ...said]), FACTS);
}

test.each([
  [30, 'PASS'],
  [26, 'PASS'],
  [31, 'FAIL'],
  [25, 'FAIL'],
  [2, 'FAIL'],
  [-1, 'FAIL'],
])('a first Retry-After of %d s, if the recovery timeout is 30 s, gives %s', (value, verdict) => {
  expect(judged(value)).toMatchObject([
    { check: 'stays open as specified: llm', requests: [{ about: 'recovery of llm' }], verdict },
  ]);
});

test('tells the value', () => {
  expect(judged(2)[0]?.observed).toBe('2 s; 1 of 1 value wrong');
});

test('a breaker that is not open after the promised failures fails', () => {
  expect(judged(undefined, 502)).toMatchObject([
    { observed: '502 after the failures: it is not open', verdict: 'FAIL' },
  ]);
});

test('a recovery timeout with a fraction of a second is rounded up', () => {
  const llm = { threshold: 5, recoverySeconds: 29.5 };
  const history = new History([request(100, 5, 503, tags), metric('retry_after_seconds', 105, 30, tags)]);
  const found = specifiedRecovery.judge(history, { ...FACTS, numbers: { ...FACTS.numbers, breakers: { llm } } });
  expect(found[0]?.verdict).toBe('PASS');
});

test('a breaker that refused nothing proves nothing, and one that was not called is not judged', () => {
  expect(judged()[0]?.verdict).toBe('INCONCLUSIVE');
  expect(specifiedRecovery.judge(new History(), FACTS)).toEqual([]);
});
