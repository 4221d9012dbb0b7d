import { describe, expect, test } from 'vitest';
import { rateLimitWindowBoundary } from '../../../../harness/checkers/rate-limit/rate-limit-window-boundary.ts';
import { History } from '../../../../harness/history/history.ts';
import { facts, request, T0, verdicts } from '../../../support/history.ts';

const limit = 'conversation-end';
/** 20 requests in two seconds, as in the profile "fast". */
const [MAX, LENGTH] = [20, 2_000];
/** T0 is the start of a clock-aligned window. */
const WINDOW_0 = Math.ceil(T0 / LENGTH) * LENGTH - T0;
type Model = 'first-request' | 'clock' | 'sliding';

interface Burst {
  at: number;
  admitted: number;
  /** Duration of each request, in milliseconds. */
  ms?: number;
  of?: number;
  status?: number;
}

const burst = (step: string, { at, admitted, ms = 10, of = 25, status = 201 }: Burst, round: string) =>
  Array.from({ length: of }, (_, index) =>
    request(at + index, ms, index < admitted ? status : 429, { limit, step, round }),
  );

function judged(
  model: Model,
  before: Burst,
  after: Burst,
  { from = WINDOW_0, round = '1', rounds = [] as Rounds } = {},
) {
  const known = facts();
  const under = { ...known, contract: { ...known.contract, limiter: { ...known.contract.limiter, window: model } } };
  const events = [
    ...rounds,
    request(from, 10, 201, { limit, step: 'opener', round }),
    ...burst('before', { ...before, at: from + before.at }, round),
    ...burst('after', { ...after, at: from + after.at }, round),
  ];
  const found = verdicts(rateLimitWindowBoundary.judge(new History(events), under));
  return SIDES.map((side) => found[`admits exactly ${side} the end: ${limit}`]);
}
type Rounds = ReturnType<typeof request>[];
const SIDES = ['before', 'after'];

describe('a window that begins with the first request', () => {
  test('allows N before its end and N immediately after it', () => {
    expect(judged('first-request', { at: 1_400, admitted: MAX - 1 }, { at: 2_010, admitted: MAX })).toEqual([
      'PASS',
      'PASS',
    ]);
  });

  test.each([
    ['one too many before the end', { before: MAX, after: MAX }, ['FAIL', 'PASS']],
    ['one too few before the end', { before: MAX - 2, after: MAX }, ['FAIL', 'PASS']],
    ['one too many after it', { before: MAX - 1, after: MAX + 1 }, ['PASS', 'FAIL']],
    ['only as many as have left a sliding window', { before: MAX - 1, after: 1 }, ['PASS', 'FAIL']],
  ])('is distinguished from one that allows %s', (_, { before, after }, expected) => {
    expect(judged('first-request', { at: 1_400, admitted: before }, { at: 2_010, admitted: after })).toEqual(expected);
  });

  test.each([
    [
      'the first burst was answered as the window ended',
      { at: 1_966 },
      { at: 2_010 },
      ['INCONCLUSIVE', 'INCONCLUSIVE'],
    ],
    ['the first burst was answered just before', { at: 1_965 }, { at: 2_010 }, ['PASS', 'PASS']],
    [
      'the second burst began before the last end that is possible',
      { at: 1_400 },
      { at: 2_009 },
      ['PASS', 'INCONCLUSIVE'],
    ],
    ['the second burst lasted as long as a window', { at: 1_400 }, { at: 2_010, ms: 2_000 }, ['PASS', 'INCONCLUSIVE']],
  ])('is not judged if %s', (_, before, after, expected) => {
    const admitted = { before: { ...before, admitted: MAX - 1 }, after: { ...after, admitted: MAX } };
    expect(judged('first-request', admitted.before, admitted.after)).toEqual(expected);
  });

  test('a burst must exceed the limit to be judged, and fails if a request is not answered', () => {
    const before = { at: 1_400, admitted: MAX - 1 };
    expect(judged('first-request', before, { at: 2_010, admitted: MAX, of: MAX })[1]).toBe('INCONCLUSIVE');
    expect(judged('first-request', before, { at: 2_010, admitted: MAX, status: 0 })[1]).toBe('FAIL');
  });

  test('is judged by the round that was in time, and by any round that proves a failure', () => {
    const late = [
      request(WINDOW_0, 10, 201, { limit, step: 'opener', round: '1' }),
      ...burst('before', { at: WINDOW_0 + 1_990, admitted: MAX }, '1'),
      ...burst('after', { at: WINDOW_0 + 2_020, admitted: MAX + 9, ms: 2_000 }, '1'),
    ];
    const second = { from: WINDOW_0 + 7_000, round: '2', rounds: late };
    expect(judged('first-request', { at: 1_400, admitted: MAX - 1 }, { at: 2_010, admitted: MAX }, second)).toEqual([
      'PASS',
      'PASS',
    ]);
    const soon = { ...second, from: WINDOW_0 + 5_000 };
    expect(judged('first-request', { at: 1_400, admitted: MAX - 1 }, { at: 2_010, admitted: MAX }, soon)).toEqual([
      'INCONCLUSIVE',
      'INCONCLUSIVE',
    ]);
    const certain = late.map((sample) => ({ ...sample, at: sample.at - (sample.tags.step === 'before' ? 500 : 0) }));
    const failed = { ...second, rounds: certain };
    expect(judged('first-request', { at: 1_400, admitted: MAX - 1 }, { at: 2_010, admitted: MAX }, failed)[0]).toBe(
      'FAIL',
    );
  });
});

describe('a window by the clock', () => {
  test('allows N in each of two consecutive windows', () => {
    expect(judged('clock', { at: 1_400, admitted: MAX - 1 }, { at: 2_000, admitted: MAX })).toEqual(['PASS', 'PASS']);
    expect(judged('clock', { at: 1_400, admitted: MAX }, { at: 2_000, admitted: MAX + 1 })).toEqual(['FAIL', 'FAIL']);
  });

  test("is not judged by bursts that don't each fall into one window", () => {
    const late = { at: 1_970, admitted: MAX - 1 };
    expect(judged('clock', late, { at: 2_000, admitted: MAX })).toEqual(['INCONCLUSIVE', 'INCONCLUSIVE']);
    const long = { at: 2_000, admitted: MAX, ms: 1_980 };
    expect(judged('clock', { at: 1_400, admitted: MAX - 1 }, long)).toEqual(['PASS', 'INCONCLUSIVE']);
  });
});

describe('a sliding window', () => {
  test('allows no more requests after the end than have expired', () => {
    expect(judged('sliding', { at: 1_400, admitted: MAX - 1 }, { at: 2_010, admitted: 1 })).toEqual(['PASS', 'PASS']);
    expect(judged('sliding', { at: 1_400, admitted: MAX - 1 }, { at: 2_010, admitted: MAX })).toEqual(['PASS', 'FAIL']);
  });

  test('is not judged if requests of the first burst may have expired too', () => {
    const after = { at: 3_366, admitted: 1 };
    expect(judged('sliding', { at: 1_400, admitted: MAX - 1 }, after)).toEqual(['PASS', 'INCONCLUSIVE']);
    expect(judged('sliding', { at: 1_400, admitted: MAX - 1 }, { ...after, at: 3_365 })).toEqual(['PASS', 'PASS']);
  });
});

describe('the other kind of window', () => {
  /** One request, and bursts of 25 at 1.4 s and 2.01 s, of which some are admitted: the cause that is named. */
  function cause(from: number, before: number, after: number): string | undefined {
    const events = [
      request(from, 10, 201, { limit, step: 'opener', round: '1' }),
      ...burst('before', { at: from + 1_400, admitted: before }, '1'),
      ...burst('after', { at: from + 2_010, admitted: after }, '1'),
    ];
    const found = rateLimitWindowBoundary.judge(new History(events), facts());
    return found.find(({ verdict }) => verdict === 'FAIL')?.usually;
  }

  test.each([
    ['sliding ones', WINDOW_0, MAX - 1, 1, /^Its windows are those of `limiter.window: sliding`/],
    ['those of the clock', WINDOW_0 + 700, MAX, 0, /^Its windows are those of `limiter.window: clock`/],
  ])('is named if %s explain what was admitted', (_, from, before, after, expected) => {
    expect(cause(from, before, after)).toMatch(expected);
  });

  test('is not named if no window explains it', () => {
    expect(cause(WINDOW_0, MAX + 3, MAX + 3)).toBeUndefined();
  });
});

test('names windows that follow the clock although a burst was sent just before one began', () => {
  const known = facts();
  const own = {
    ...known,
    contract: { ...known.contract, limiter: { ...known.contract.limiter, window: 'first-request' } },
  };
  const sent = (at: number, ms: number, status: number, step: string, of: number) =>
    Array.from({ length: of }, () => request(WINDOW_0 + at, ms, status, { limit, step, round: '1' }));
  const events = [
    ...sent(-60, 10, 201, 'opener', 1),
    ...sent(1_450, 250, 201, 'before', MAX),
    ...sent(1_600, 15, 429, 'before', 5),
    // They are sent before the end of the window, and counted in the next one.
    ...sent(1_997, 150, 201, 'after', MAX),
    ...sent(2_200, 50, 429, 'after', 5),
  ];
  const [before] = rateLimitWindowBoundary.judge(new History(events), own as typeof known);
  expect(before).toMatchObject({ verdict: 'FAIL', usually: expect.stringContaining('`limiter.window: clock`') });
  expect(before?.usually).not.toContain('Or:');
});
