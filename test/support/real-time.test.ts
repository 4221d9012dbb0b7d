import { expect, test, vi } from 'vitest';
import { noteWhyAgain, REAL_TIME, watchBusyness } from './real-time.ts';

/** Returns the message of a test that has failed while its process waited for a processor. */
function messageAfter(waitedMs: number, retryCount = 0): string {
  const errors = [{ message: '3 is not 2' }];
  const task = { id: 'a test', name: 'it', result: { state: 'fail', errors, retryCount } } as never;
  const waits = [0, waitedMs];
  watchBusyness(task, { take: () => waits.shift() ?? 0, [Symbol.dispose]: () => {} });
  noteWhyAgain(task);
  return errors[0]?.message ?? '';
}

test('a test that fails on a busy machine is measured again, which is printed once', () => {
  const print = vi.spyOn(console, 'log').mockReturnValue();
  expect(messageAfter(300)).toMatch(REAL_TIME.retry.condition);
  expect(messageAfter(300, 1)).toMatch(REAL_TIME.retry.condition);
  expect(print.mock.calls).toEqual([
    [
      'it is measured again, alone, because it is INCONCLUSIVE: the machine was busy: the test waited 300 ms for a processor. 3 is not 2',
    ],
  ]);
});

test('a test that fails on a machine that is not busy is not measured again', () => {
  expect(messageAfter(3)).toBe('3 is not 2');
});
