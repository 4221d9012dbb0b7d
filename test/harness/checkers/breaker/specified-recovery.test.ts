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

test.each([
  ['20 ms', 20, 0, 29, 'PASS'],
  ['20 ms', 20, 0, 28, 'FAIL'],
  ['2 s', 2_000, 0, 28, 'PASS'],
  ['2 s', 2_000, 0, 27, 'FAIL'],
  // The fourth of them may have opened it.
  ['2 s, after one that hung', 2_000, 1, 26, 'PASS'],
  ['2 s, after one that hung', 2_000, 1, 25, 'FAIL'],
])('if the calls that open it fail every %s, the time since then counts', (_, apart, hanging, value, verdict) => {
  const endpoint = 'conversation-end';
  const calls = Array.from({ length: 5 }, (_call, index) =>
    request(index * apart, 5, 502, { phase: 'opening', endpoint }),
  );
  const hung = Array.from({ length: hanging }, () => request(-100, 10, 504, { about: 'hangs at groq', endpoint }));
  const refused = [request(5 * apart, 5, 503, tags), metric('retry_after_seconds', 5 * apart + 5, value, tags)];
  expect(specifiedRecovery.judge(new History([...hung, ...calls, ...refused]), FACTS)).toMatchObject([{ verdict }]);
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
