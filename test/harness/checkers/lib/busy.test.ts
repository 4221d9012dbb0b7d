import { expect, test } from 'vitest';
import { busyness } from '../../../../harness/checkers/lib/busy.ts';
import { History } from '../../../../harness/history/history.ts';
import { facts, request, starved, T0 } from '../../../support/history.ts';

const history = new History([
  request(0, 50, 200, { phase: '1' }),
  request(1_000, 50, 200, { phase: '2' }),
  { type: 'stall', at: T0 + 1_040, ms: 276, of: 'lab' },
  starved('fakes', 1_010, 1_030, 150),
]);

test.each([
  ['were in progress meanwhile', [{ phase: '2' }], 'the lab paused for 276 ms'],
  ['had ended before', [{ phase: '1' }], undefined],
  ['were in progress, among others', [{ phase: '1' }, { phase: '2' }], 'the lab paused for 276 ms'],
  ['were not made', [{ phase: '3' }], undefined],
  ['are unknown', undefined, 'the lab paused for 276 ms'],
])('a delay is the reason if the requests %s', (_, requests, why) => {
  expect(busyness(history, facts(), requests === undefined ? {} : { requests: requests as never })).toBe(why);
});

test('noise that was subtracted from times is a delay, also if it was measured earlier or later', () => {
  const at = (comparesTimes: boolean) =>
    busyness(history, facts(), { requests: [{ phase: '1' } as never] }, comparesTimes);
  expect(at(true)).toBe('all that it measured in this run may add 276 ms to a request');
  expect(at(false)).toBeUndefined();
});
