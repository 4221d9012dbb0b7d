import { expect, test } from 'vitest';
import { promisedCalls } from '../../mocks/promised-calls.ts';

test('by default, each call is attempted once', () => {
  expect(promisedCalls.parse({})).toEqual({ attempts: 1, never: [], hints: [] });
});

test.each([
  [{ attempts: 3, on: [429, '5xx'], never: [429] }, 'never', '429 is in "on" as well'],
  [{ on: ['5xx'] }, 'on', 'needs more than one attempt; set `attempts`'],
  [{ hints: ['x-should-retry'] }, 'hints', 'needs more than one attempt; set `attempts`'],
  [
    { attempts: 2, hints: ['retry-after-ms'] },
    'hints',
    'retry-after-ms needs `retryAfter`, which says if it is capped',
  ],
  [{ attempts: 2, backoff: { minSeconds: 1, maxSeconds: 0.5 } }, 'backoff.maxSeconds', 'is less than minSeconds'],
  [
    { attempts: 2, backoff: { minSeconds: 0.04 } },
    'backoff.minSeconds',
    'is too short to be measured; write 0 or at least 0.05',
  ],
  [{ attempts: 2, backoff: { minSeconds: 1, totalSeconds: 0.5 } }, 'backoff.totalSeconds', 'is less than minSeconds'],
  [{ backoff: { minSeconds: 1 } }, 'backoff', 'needs more than one attempt; set `attempts`'],
])('rejects %j', (calls, path, message) => {
  expect(promisedCalls.safeParse(calls).error?.issues).toMatchObject([{ path: path.split('.'), message }]);
});

test('a backoff needs no shortest time', () => {
  const { backoff } = promisedCalls.parse({ attempts: 2, backoff: { jitter: true } });
  expect(backoff).toEqual({ minSeconds: 0, jitter: true });
});

test('rejects a failure that there is not, and says which ones there are', () => {
  expect(promisedCalls.safeParse({ attempts: 2, on: ['3xx'] }).error?.issues).toMatchObject([
    { path: ['on', 0], message: 'must be a status from 400 to 599, 4xx, 5xx, timeout, connection or body' },
  ]);
});
