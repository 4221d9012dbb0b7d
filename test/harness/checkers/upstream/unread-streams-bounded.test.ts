import { expect, test } from 'vitest';
import { unreadStreamsBounded } from '../../../../harness/checkers/upstream/unread-streams-bounded.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, metric, receipt } from '../../../support/history.ts';
import { factsOf, historyOf } from './streams.ts';

const UNREAD = { action: 'unread stream', upstream: 'llm', endpoint: 'chat' } as const;
const FROM = 200_000;

interface Unread {
  /** The memory before and while nobody reads, in megabytes, every 100 ms. */
  before?: number[];
  unread?: number[];
  /** When the upstream has sent everything, in milliseconds after the call, and how often it was called. */
  sent?: number | null;
  calls?: number;
  faults?: string[];
}

const STEADY = [60, 72, ...Array<number>(16).fill(75)];

const judged = (
  { before = [60], unread = STEADY, sent = 60_000, calls = 1, faults = ['f9:flood'] }: Unread,
  first = historyOf({}),
) => {
  const looks = (about: string, at: number, values: number[]): HistoryEvent[] =>
    values.map((megabytes, index) =>
      metric('memory_bytes', at + index * 100, megabytes * 1_000_000, { phase: '9', about }),
    );
  const events = [
    ...first,
    begun(9, UNREAD, FROM, 50),
    ...looks('before', FROM, before),
    ...Array.from({ length: calls }, (_, index) => {
      const event = receipt(51 + index, FROM + 1_000, (sent ?? 0) + index * 60_000, 'llm', faults);
      return sent === null ? { ...event, endedAt: null } : event;
    }),
    ...looks('unread', FROM + 1_050, unread),
  ];
  return unreadStreamsBounded.judge(new History(events), factsOf({ unreadMegabytes: 50 }))[0];
};

test('a service that stops reading passes', () => {
  expect(judged({})).toEqual({
    check: 'memory of an unread stream: llm, chat',
    expected: 'at most 50 MB more',
    observed: '15 MB more, while the stream continues',
    verdict: 'PASS',
  });
});

test('a service that ends the call passes', () => {
  expect(judged({ unread: [60, 80, 75], sent: 200 })).toMatchObject({
    observed: '20 MB more, after the stream has ended',
    verdict: 'PASS',
  });
});

test('a call that goes on when the memory is last seen has not ended', () => {
  const growing = STEADY.map((_, index) => 60 + index);
  expect(judged({ unread: growing, sent: 1_750 })).toMatchObject({ verdict: 'PASS' });
  for (const seen of [{ sent: 1_751 }, { sent: null }, { sent: 200, calls: 2 }]) {
    expect(judged({ unread: growing, ...seen })).toMatchObject({
      observed: '17 MB more, while the stream continues',
      verdict: 'INCONCLUSIVE',
    });
  }
});

test('a service that keeps the stream in memory fails', () => {
  expect(judged({ unread: [60, 100, 111] })?.verdict).toBe('FAIL');
  expect(judged({ unread: [60, 100, 110] })?.verdict).toBe('INCONCLUSIVE');
  expect(judged({ unread: [300, 111, 60], sent: 200 })?.verdict).toBe('FAIL');
  expect(judged({ before: [60, 62, 61], unread: [60, 112, 60], sent: 200 })?.verdict).toBe('PASS');
});

test('memory that still grows at the end, or was seen for too short a time, proves nothing', () => {
  expect(judged({ unread: STEADY.map((_, index) => 60 + index) })?.verdict).toBe('INCONCLUSIVE');
  expect(judged({ unread: Array(15).fill(75) })?.verdict).toBe('INCONCLUSIVE');
  expect(judged({ unread: Array(16).fill(75) })?.verdict).toBe('PASS');
  // It grows by 4 MB and by 5 MB in the last 1.5 s.
  expect(judged({ unread: [60, 71, ...Array(15).fill(75)] })?.verdict).toBe('PASS');
  expect(judged({ unread: [60, 70, ...Array(15).fill(75)] })?.verdict).toBe('INCONCLUSIVE');
});

test('without a stream, a call or a known memory, nothing is proved', () => {
  expect(judged({}, historyOf({ isCut: false }))).toMatchObject({
    verdict: 'INCONCLUSIVE',
    evidence: ['llm sent no event stream to cut off'],
  });
  expect(judged({ faults: [] })?.observed).toBe('the call did not reach llm');
  expect(judged({ before: [Number.NaN] })?.observed).toBe('the memory of the service is unknown');
  expect(judged({ before: [], unread: [] })?.verdict).toBe('INCONCLUSIVE');
});

test('nothing is judged without the promise', () => {
  const history = new History([begun(9, UNREAD, 0, 0)]);
  expect(unreadStreamsBounded.judge(history, factsOf())).toEqual([]);
});
