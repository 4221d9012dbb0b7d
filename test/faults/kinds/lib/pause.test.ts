import { getEventListeners } from 'node:events';
import { expect, test, vi } from 'vitest';
import { Disconnect } from '../../../../faults/kinds/lib/disconnect.ts';
import type { Circumstances } from '../../../../faults/kinds/lib/fault.ts';
import { pause } from '../../../../faults/kinds/lib/pause.ts';

function circumstances() {
  const [healed, clientGone] = [new AbortController(), new AbortController()];
  const given = { healed: healed.signal, clientGone: clientGone.signal } as Circumstances;
  const listeners = () => [healed, clientGone].flatMap(({ signal }) => getEventListeners(signal, 'abort')).length;
  return { healed, clientGone, given, listeners };
}

test('waits for the whole time even if the timer fires early, and then removes its listeners', async () => {
  vi.useFakeTimers({ now: 0 });
  try {
    const { given, listeners } = circumstances();
    let over = false;
    const waiting = pause(1_000, given).then(() => {
      over = true;
    });
    await vi.advanceTimersByTimeAsync(999);
    expect([over, listeners()]).toEqual([false, 2]);
    await vi.advanceTimersByTimeAsync(1);
    await waiting;
    expect([over, listeners()]).toEqual([true, 0]);
  } finally {
    vi.useRealTimers();
  }
});

test('waits for the remaining time after a timer that fired early', async () => {
  vi.useFakeTimers({ now: 0 });
  try {
    const { setTimeout: timer } = globalThis;
    globalThis.setTimeout = ((run: () => void, milliseconds = 0) => {
      globalThis.setTimeout = timer;
      return timer(run, milliseconds - 10);
    }) as typeof setTimeout;
    let over = false;
    const waiting = pause(30, circumstances().given).then(() => {
      over = true;
    });
    await vi.advanceTimersByTimeAsync(29);
    expect(over).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await waiting;
    expect(over).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});

test("doesn't wait for 0 ms", async () => {
  const timer = vi.spyOn(globalThis, 'setTimeout');
  await pause(0, circumstances().given);
  await pause(-5, circumstances().given);
  expect(timer).not.toHaveBeenCalled();
});

test.each([60_000, Number.POSITIVE_INFINITY])('a wait of %d ms ends when it is healed', async (milliseconds) => {
  const { healed, given, listeners } = circumstances();
  const waiting = pause(milliseconds, given);
  healed.abort();
  await waiting;
  expect(listeners()).toBe(0);
});

test("ends when the client disconnects, and doesn't start if it already has", async () => {
  const { clientGone, given } = circumstances();
  const waiting = pause(60_000, given);
  clientGone.abort();
  await expect(waiting).rejects.toMatchObject({ how: 'client-gone' });
  await expect(pause(60_000, given)).rejects.toBeInstanceOf(Disconnect);
  await expect(pause(0, given)).rejects.toBeInstanceOf(Disconnect);
});
