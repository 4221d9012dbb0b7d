import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { Lane } from '../../../faults/proxy/lane.ts';

test('a piece that becomes due while the timer is set does not get a time in the past', () => {
  const [from, to] = [new PassThrough(), new PassThrough()];
  const lane = new Lane(from as unknown as Socket, to as unknown as Socket, () => {});
  lane.delay(() => 5);
  // The clock reaches the due time of the piece after it was found to be early.
  const times = [0, 4, 6];
  vi.spyOn(performance, 'now').mockImplementation(() => times.shift() ?? 6);
  const timers = vi.spyOn(globalThis, 'setTimeout');
  lane.inTurn(() => {});
  expect(timers.mock.calls.map(([, ms]) => ms)).toEqual([0]);
  lane.swallow();
});
