import { expect, test } from 'vitest';
import { oncePerPress } from '../../../engine/base/once-per-press.ts';

test('a signal soon after another is the same press of Ctrl-C, and a later one is a second press', () => {
  const handled: string[] = [];
  let now = 0;
  const handle = oncePerPress(
    (signal: string) => void handled.push(signal),
    1_000,
    () => now,
  );
  for (const [at, signal] of [
    [0, 'first'],
    [3, 'passed on'],
    [999, 'passed on late'],
    [1_000, 'second'],
    [1_500, 'passed on'],
  ] as const) {
    now = at;
    handle(signal);
  }
  expect(handled).toEqual(['first', 'second']);
});
