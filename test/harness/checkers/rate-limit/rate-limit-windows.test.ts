import { expect, test } from 'vitest';
import { type Burst, neighboursOf, windowOf } from '../../../../harness/checkers/rate-limit/rate-limit-windows.ts';
import { History } from '../../../../harness/history/history.ts';
import { facts, request, T0 } from '../../../support/history.ts';

const limit = 'conversation-end';
/** Two seconds, as in the profile "fast". */
const LENGTH = 2_000;
type Model = 'first-request' | 'clock' | 'sliding';
const under = (window: Model) => {
  const known = facts();
  return { ...known, contract: { ...known.contract, limiter: { ...known.contract.limiter, window } } };
};
const sent = (step: string, after: number, ms: number, status = 201) => request(after, ms, status, { limit, step });
const first = (after: number, ms: number, status?: number) => sent('first window', after, ms, status);
const over = (after: number, ms: number, status?: number) => sent('over', after, ms, status);
const second = (after: number, ms: number, status?: number) => sent('second window', after, ms, status);

const judged = (model: Model, step: Burst, events: ReturnType<typeof sent>[]) => {
  const window = windowOf(new History(events), under(model), limit, step);
  return window && [window.certain, window.endsAfter - T0, window.endsBefore - T0, window.allBefore - T0];
};

test.each<[string, ReturnType<typeof sent>[], [boolean, ...number[]]]>([
  ['one request', [first(10, 5)], [true, 2_010, 2_015, 2_015]],
  ['the first sent is not the first answered', [first(10, 50), first(20, 5)], [true, 2_010, 2_025, 2_025]],
  ['answered just in time', [first(0, 5), first(1_990, 9)], [true, 2_000, 2_005, 2_005]],
  ['answered as it ends', [first(0, 5), first(1_990, 10)], [false, 2_000, 2_005, 2_005]],
])('a window that begins with the first request: %s', (_, events, expected) => {
  expect(judged('first-request', 'first window', events)).toEqual(expected);
});

test.each<[string, ReturnType<typeof sent>[], boolean]>([
  ['as the first may have ended at the latest', [first(0, 5), second(2_005, 5)], true],
  ['a moment before that', [first(0, 5), second(2_004, 5)], false],
  ['while a later admission within the first counted there', [first(0, 5), first(1_000, 5), second(2_005, 5)], true],
  ['after an admission that may have begun another', [first(0, 5), over(1_995, 5), second(2_100, 5)], false],
  ['after one that certainly did not', [first(0, 5), over(1_994, 5), second(2_100, 5)], true],
  ['after a refusal that began nothing', [first(0, 5), over(1_995, 5, 429), second(2_100, 5)], true],
  ['after one without an answer', [first(0, 5), over(1_995, 5, 0), second(2_100, 5)], true],
])('a second window that begins %s', (_, events, certain) => {
  expect(judged('first-request', 'second window', events)?.[0]).toBe(certain);
});

/** T0 is a multiple of the window's length. */
test.each<[string, Burst, ReturnType<typeof sent>[], [boolean, ...number[]]]>([
  ['all in one', 'first window', [first(10, 5), first(1_990, 5)], [true, LENGTH, LENGTH, LENGTH]],
  ['over the end', 'first window', [first(10, 5), first(1_990, 10)], [false, LENGTH, LENGTH, LENGTH]],
  ['the next one', 'second window', [first(10, 5), second(2_000, 5)], [true, 2 * LENGTH, 2 * LENGTH, 2 * LENGTH]],
  ['again in the first', 'second window', [first(10, 5), second(1_980, 5)], [false, LENGTH, LENGTH, LENGTH]],
  [
    'what came before lasts into it',
    'second window',
    [over(1_990, 10), second(2_020, 5)],
    [false, 4_000, 4_000, 4_000],
  ],
])('a window by the clock: %s', (_, step, events, expected) => {
  expect(judged('clock', step, events)).toEqual(expected);
});

test.each<[string, Burst, ReturnType<typeof sent>[], [boolean, ...number[]]]>([
  [
    'admissions and a refusal',
    'first window',
    [first(10, 5), first(20, 9), first(50, 5, 429)],
    [true, 2_010, 2_015, 2_029],
  ],
  ['one answered as it ends', 'first window', [first(0, 5), first(1_995, 5, 429)], [false, 2_000, 2_005, 2_005]],
  [
    'the last admission is over',
    'second window',
    [first(0, 5), over(500, 5, 429), second(2_005, 5)],
    [true, 4_005, 4_010, 4_010],
  ],
  ['the last admission may count', 'second window', [first(0, 5), second(2_004, 5)], [false, 4_004, 4_009, 4_009]],
])('a sliding window: %s', (_, step, events, expected) => {
  expect(judged('sliding', step, events)).toEqual(expected);
});

test('there is no window for another limit, and none without a burst', () => {
  const history = new History([first(0, 5)]);
  expect(windowOf(history, facts(), 'moon', 'first window')).toBeUndefined();
  expect(windowOf(history, facts(), limit, 'second window')).toBeUndefined();
});

test.each<[string, Record<string, string[]>, boolean]>([
  ['another', { a: [], b: [] }, true],
  ['none', { a: [] }, false],
  ['one that counts its requests', { a: ['b'], b: [] }, false],
  ['one whose requests it counts', { a: [], b: ['a'] }, false],
  ['one of each', { a: ['b'], b: ['a'], c: [] }, true],
])('a limit has a neighbour if there is %s', (_, limits, expected) => {
  const known = facts();
  const shared = Object.entries(limits).map(([name, sharedWith]) => [name, { max: 1, windowSeconds: 1, sharedWith }]);
  const numbers = { ...known.numbers, limits: Object.fromEntries(shared) };
  expect(neighboursOf({ ...known, numbers }, 'a').length > 0).toBe(expected);
});
