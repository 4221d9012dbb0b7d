import { expect, test } from 'vitest';
import { mayOpenByTimeouts, openingOf } from '../../../../harness/contract/schema/opening.ts';

const rated = (window: { seconds: number } | { calls: number }) =>
  openingOf({ opens: { rate: 0.5, window, minimum: 5, boundary: 'above' } });

test.each([
  ['a time window that is twice as long', rated({ seconds: 10 }), 5, true],
  ['a shorter time window, which the calls may have left before they fail', rated({ seconds: 10 }), 5.1, false],
  ['a window of calls', rated({ calls: 10 }), 60, true],
  ['consecutive failures', openingOf({ threshold: 5 }), 60, true],
] as const)('whether timeouts can be seen to open a breaker with %s', (_, opening, timeout, expected) => {
  expect(mayOpenByTimeouts(opening, timeout)).toBe(expected);
});
