import { expect, test } from 'vitest';
import { mostAtOnce, waitingAt, whyNotAtOnce } from '../../../../harness/checkers/upstream/at-once.ts';
import { receipt, request, T0 } from '../../../support/history.ts';

type Span = readonly [from: number, ms: number];

const receipts = (spans: readonly Span[]) => spans.map(([from, ms], index) => receipt(index + 1, from, ms, 'llm'));
const open = (from: number) => ({ ...receipt(9, from, 0, 'llm'), endedAt: null });

test.each<[Span[], number]>([
  [[], 0],
  [[[0, 100]], 1],
  [
    [
      [0, 100],
      [10, 100],
    ],
    2,
  ],
  [
    [
      [0, 100],
      [49, 100],
    ],
    2,
  ],
  [
    [
      [0, 100],
      [50, 100],
    ],
    1,
  ],
  [
    [
      [0, 100],
      [10, 100],
      [200, 100],
    ],
    2,
  ],
])('requests at %j: %d in progress at the same time', (spans, most) => {
  expect(mostAtOnce(receipts(spans))).toBe(most);
});

test('a request that never ended is in progress', () => {
  expect(mostAtOnce([open(0), ...receipts([[9_000, 100]])])).toBe(2);
});

/** The number of callers who wait 100 ms after the beginning. */
const waiting = (calls: readonly Span[], reached: readonly Span[] = []) =>
  waitingAt(
    T0 + 100,
    calls.map(([from, ms]) => request(from, ms, 200, {})),
    receipts(reached),
  );

test('callers without an answer wait, from when they call until they are answered', () => {
  expect(
    waiting([
      [0, 101],
      [100, 50],
    ]),
  ).toBe(2);
  expect(
    waiting([
      [0, 100],
      [101, 50],
    ]),
  ).toBe(0);
});

test('callers for whom a request is in progress do not wait', () => {
  const calls: Span[] = [
    [0, 500],
    [0, 500],
  ];
  expect(
    waiting(calls, [
      [10, 91],
      [100, 50],
    ]),
  ).toBe(0);
  expect(
    waiting(calls, [
      [10, 90],
      [101, 50],
    ]),
  ).toBe(2);
  expect(waiting([], [[10, 500]])).toBe(0);
});

const three = [0, 1, 2].map((after) => request(after, 3_100, 200, {}));

test.each<[string, Span[], RegExp | undefined]>([
  [
    'one after another',
    [
      [5, 1_000],
      [1_006, 1_000],
      [2_010, 1_000],
    ],
    /^Calls wait for each other: 3 were made at once, but no more than 1 at a time reached llm, and 2 had to wait/,
  ],
  [
    'two at a time',
    [
      [5, 1_000],
      [6, 1_000],
      [1_010, 1_000],
    ],
    /no more than 2 at a time reached llm, and 1 had to wait/,
  ],
  [
    'all at once',
    [
      [5, 1_000],
      [6, 1_000],
      [7, 1_000],
    ],
    undefined,
  ],
  ['not at all', [], undefined],
])('calls that reach an upstream %s wait for each other', (_, spans, why) => {
  const found = whyNotAtOnce(three, receipts(spans), 'llm');
  if (why === undefined) expect(found).toBeUndefined();
  else expect(found).toMatch(why);
});
