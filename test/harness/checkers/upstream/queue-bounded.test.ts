import { expect, test } from 'vitest';
import { queueBounded } from '../../../../harness/checkers/upstream/queue-bounded.ts';
import { History } from '../../../../harness/history/history.ts';
import { STRAY, starved, T0 } from '../../../support/history.ts';
import { type Crowd, crowd, factsAbout } from './crowd.ts';

const judged = (seen: Crowd, more: Parameters<History['add']>[0][] = []) =>
  queueBounded.judge(new History([STRAY, ...crowd(seen), ...more]), factsAbout({ concurrency: 2, queueSeconds: 1 }))[0];

test('nothing is judged without the promise', () => {
  expect(queueBounded.judge(new History(crowd({})), factsAbout({ concurrency: 2 }))).toEqual([]);
});

test('callers who are refused in time pass', () => {
  expect(judged({})).toMatchObject({
    check: 'waits for a turn are bounded: groq',
    requests: [{ phase: '1' }],
    expected: 'no caller waits for more than 1 s',
    observed: '0 of 6 callers still waited 1.5 s later',
    verdict: 'PASS',
  });
});

test('callers who wait for longer fail', () => {
  expect(judged({ callers: [3_010, 3_010, 1_010, 1_010, 1_010, 3_020] })).toMatchObject({
    observed: '1 of 6 callers still waited 1.5 s later',
    verdict: 'FAIL',
  });
});

test('a delay of the machine is excused', () => {
  const callers = [3_010, 3_010, 1_700, 1_700, 1_700, 1_700];
  expect(judged({ callers })?.verdict).toBe('FAIL');
  const busy = [starved('service', 0, 1, 0), starved('service', 1_000, 1_400, 300)];
  expect(judged({ callers }, busy)?.verdict).toBe('INCONCLUSIVE');
});

test('a delay of the machine until the calls may go is no reason to doubt callers who were refused in time', () => {
  const busy = [starved('service', 0, 1, 0), starved('service', 1_000, 2_400, 1_200)];
  expect(judged({ healed: 2_000 }, busy)?.verdict).toBe('PASS');
  const callers = [3_010, 3_010, 2_900, 2_900, 2_900, 2_900];
  expect(judged({ callers, healed: 2_000 }, busy)?.verdict).toBe('INCONCLUSIVE');
});

const TURNS = [
  [20, 590],
  [20, 590],
  [600, 3_005],
  [600, 3_005],
] as const;

test('one who is refused is enough, beside others who got a turn', () => {
  expect(judged({ callers: [600, 600, 1_010, 3_010, 3_010], calls: TURNS })?.verdict).toBe('PASS');
  expect(judged({ callers: [3_010, 3_010, 1_500] })?.verdict).toBe('PASS');
});

test('calls that never end are no turns that are over', () => {
  const events = crowd({ callers: [3_010, 3_010, 1_010] }).map((event) =>
    event.type === 'receipt' && event.kind === 'request' ? { ...event, endedAt: null } : event,
  );
  const facts = factsAbout({ concurrency: 2, queueSeconds: 1 });
  expect(queueBounded.judge(new History(events), facts)[0]?.verdict).toBe('PASS');
});

test('only the end of the fault at this upstream counts, after all have called', () => {
  const fault = (after: number, upstream: string, id?: string) =>
    ({ type: 'fault', at: T0 + after, upstream, asked: {}, ...(id && { id }) }) as const;
  expect(judged({}, [fault(10, 'groq'), fault(1_000, 'mem0'), fault(1_000, 'groq', 'f2')])?.verdict).toBe('PASS');
  expect(judged({ healed: 1_510 })?.verdict).toBe('PASS');
  expect(judged({ healed: 1_509 })?.verdict).toBe('INCONCLUSIVE');
  const events = crowd({}).filter(({ type }) => type !== 'fault');
  const facts = factsAbout({ concurrency: 2, queueSeconds: 1 });
  expect(queueBounded.judge(new History(events), facts)[0]?.verdict).toBe('INCONCLUSIVE');
});

test.each<[string, Crowd]>([
  ['everyone got a turn, and some still have it', { callers: [600, 600, 3_010, 3_010], calls: TURNS }],
  [
    'a turn was just over',
    {
      callers: [1_500, 3_010],
      calls: [
        [20, 1_510],
        [20, 3_005],
      ],
    },
  ],
  [
    'everyone got a turn',
    {
      callers: [600, 600, 1_200, 1_200],
      calls: [
        [20, 590],
        [20, 590],
        [600, 1_190],
        [600, 1_190],
      ],
    },
  ],
])('too little to judge: %s', (_, seen) => {
  expect(judged(seen)).toMatchObject({
    verdict: 'INCONCLUSIVE',
    evidence: ['all callers had got their turn by then'],
  });
});

test.each<[string, Crowd]>([
  ['without callers', { callers: [] }],
  ['if the upstream let the calls go too early', { healed: 1_400 }],
])('nothing is proved %s', (_, seen) => {
  expect(judged(seen)?.verdict).toBe('INCONCLUSIVE');
  expect(judged(seen)).not.toHaveProperty('evidence');
});
