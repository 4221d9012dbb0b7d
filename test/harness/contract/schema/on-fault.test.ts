import { expect, test } from 'vitest';
import { faultNamed, onFault, promisedAnswer } from '../../../../harness/contract/schema/on-fault.ts';

test('reads statuses, words and answers with a time', () => {
  const promises = { stall: { answer: 504, withinSeconds: 3 }, cut: 'error', 429: 503 };
  expect(onFault.parse(promises)).toEqual(promises);
});

const ALLOWED = 'must be a status such as 502, "error", "served" or { answer, withinSeconds }';

test.each([
  [{ stall: 'timeout' }, ALLOWED],
  [{ stall: 99 }, 'Too small: expected number to be >=200'],
  [{ stall: { answer: 504 } }, ALLOWED],
  [{ stall: { answer: 504, withinSeconds: 0 } }, 'Too small: expected number to be >0'],
  [{ stall: { answer: 504, withinSeconds: 3, status: 504 } }, 'Unrecognized key: "status"'],
])('rejects %j, and says what is allowed', (promises, message) => {
  expect(onFault.safeParse(promises).error?.issues).toMatchObject([{ message }]);
});

test('a fault is named by its kind or by its status', () => {
  expect(faultNamed('stall')).toEqual({ kind: 'stall' });
  expect(faultNamed('429')).toEqual({ kind: 'status', status: 429 });
});

test('finds the promised answer, but nothing that every object has', () => {
  expect(promisedAnswer({ 429: 503 }, '429')).toEqual({ answer: 503 });
  expect(promisedAnswer({ stall: { answer: 'error', withinSeconds: 3 } }, 'stall')).toEqual({
    answer: 'error',
    withinSeconds: 3,
  });
  expect(promisedAnswer({}, 'stall')).toBeUndefined();
  expect(promisedAnswer({}, 'constructor')).toBeUndefined();
});
