import { expect, test } from 'vitest';
import { faultAt, faultNamed, keyAt, onFault, promisedAnswer } from '../../../../harness/contract/schema/on-fault.ts';

test('reads statuses, words and answers with a time', () => {
  const promises = { stall: { answer: 504, withinSeconds: 3 }, cut: 'error', 429: 503 };
  expect(onFault.parse(promises)).toEqual(promises);
});

const ALLOWED = 'must be a status such as 502, "error", "served" or { answer, withinSeconds }';

test.each([
  [{ stall: 'timeout' }, ALLOWED],
  [{ stall: 99 }, 'Too small: expected number to be >=200'],
  [{ llm: { stall: 99 } }, 'Too small: expected number to be >=200'],
  [{ stall: { answer: 504 } }, ALLOWED],
  [{ stall: { answer: 504, withinSeconds: 0 } }, 'Too small: expected number to be >0'],
  [{ stall: { answer: 504, withinSeconds: 3, status: 504 } }, 'Unrecognized key: "status"'],
])('rejects %j, and says what is allowed', (promises, message) => {
  expect(onFault.safeParse(promises).error?.issues).toMatchObject([{ message }]);
});

const BY_UPSTREAM = { 500: 502, llm: { 500: 503, stall: { answer: 504, withinSeconds: 3 } } };

test('reads answers for one upstream, which count more', () => {
  const promises = onFault.parse(BY_UPSTREAM);
  expect(promisedAnswer(promises, '500', 'llm')).toEqual({ answer: 503 });
  expect(promisedAnswer(promises, '500', 'memory')).toEqual({ answer: 502 });
  expect(promisedAnswer(promises, 'stall', 'llm')).toEqual({ answer: 504, withinSeconds: 3 });
  expect(promisedAnswer(promises, 'stall', 'memory')).toBeUndefined();
  expect(onFault.parse(promises)).toEqual(promises);
});

test('a key names a fault, and the upstream if the answer is for one only', () => {
  expect(faultAt('500')).toEqual({ fault: '500' });
  expect(faultAt('llm.v2.stall')).toEqual({ fault: 'stall', upstream: 'llm.v2' });
  expect(keyAt(onFault.parse(BY_UPSTREAM), '500', 'llm')).toBe('llm.500');
  expect(keyAt(onFault.parse(BY_UPSTREAM), '500', 'memory')).toBe('500');
});

test('a fault is named by its kind or by its status', () => {
  expect(faultNamed('stall')).toEqual({ kind: 'stall' });
  expect(faultNamed('429')).toEqual({ kind: 'status', status: 429 });
  expect(faultNamed('307')).toEqual({ kind: 'redirect', status: 307 });
});

test('finds the promised answer, but nothing that every object has', () => {
  expect(promisedAnswer({ 429: 503 }, '429', 'llm')).toEqual({ answer: 503 });
  expect(promisedAnswer({ stall: { answer: 'error', withinSeconds: 3 } }, 'stall', 'llm')).toEqual({
    answer: 'error',
    withinSeconds: 3,
  });
  expect(promisedAnswer({}, 'stall', 'llm')).toBeUndefined();
  expect(promisedAnswer({}, 'constructor', 'llm')).toBeUndefined();
});
