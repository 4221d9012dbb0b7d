import { expect, test } from 'vitest';
import { machinePauses, stallsUnderLoad } from '../../../../harness/checkers/lib/stalls.ts';
import type { HistoryEvent, Stall } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { request, T0 } from '../../../support/history.ts';

/** A pause that ended after `until` milliseconds. */
const pause = (until: number, ms: number, of: Stall['of'] = 'machine'): HistoryEvent => ({
  type: 'stall',
  at: T0 + until,
  ms,
  of,
});

test.each<[string, HistoryEvent[], number]>([
  ['nothing', [], 0],
  ['a pause within it', [pause(150, 20)], 20],
  ['two pauses', [pause(120, 20), pause(180, 10)], 30],
  ['a pause that ends just after it has begun', [pause(101, 30)], 30],
  ['a pause that ends when it begins', [pause(100, 30)], 0],
  ['a pause that begins just before it ends', [pause(229, 30)], 30],
  ['a pause that begins when it ends', [pause(230, 30)], 0],
  ['a pause of the generator', [pause(150, 20, 'generator')], 0],
])('the time from 100 to 200 ms, and %s', (_, events, ms) => {
  expect(machinePauses(new History(events))(T0 + 100, T0 + 200)).toBe(ms);
});

test('pauses that end when the first request is sent, or begin after the last response, are not under load', () => {
  const events = [request(100, 100, 200, {}), pause(100, 30), pause(101, 30), pause(229, 30), pause(230, 30)];
  expect(stallsUnderLoad(new History(events)).map(({ at, ms }) => [at - T0, ms])).toEqual([
    [101, 1],
    [200, 1],
  ]);
});

test('a stopped process of the generator always counts as a whole', () => {
  const stopped = pause(101, 30, 'generator process');
  expect(stallsUnderLoad(new History([request(100, 100, 200, {}), stopped]))).toEqual([stopped]);
});
