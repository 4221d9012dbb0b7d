import { expect, test } from 'vitest';
import { acknowledgedIsStored } from '../../../../harness/checkers/pool/acknowledged-is-stored.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, request, T0, verdicts } from '../../../support/history.ts';

interface Case {
  signal?: string;
  /**
   * Number of acknowledged events before and after the service terminates, which is one second after the phase starts.
   */
  before?: number;
  after?: number;
  /** The keys of acknowledged events that are missing from the table, or are in it twice. */
  lost?: string[];
  doubled?: string[];
  refused?: number;
  end?: Partial<Extract<HistoryEvent, { type: 'service' }>> | null;
  isRead?: boolean;
}

function judged(given: Case) {
  const { signal = 'SIGTERM', before = 5, after = 5, lost = [], doubled = [], refused = 0, end, isRead = true } = given;
  const keys = Array.from({ length: before + after }, (_, index) => `k${index}`);
  const rows = Object.fromEntries(keys.map((key) => [key, lost.includes(key) ? 0 : doubled.includes(key) ? 2 : 1]));
  const stored = Object.entries(rows).filter(([, n]) => n > 0);
  const events: HistoryEvent[] = [
    begun(1, { action: 'terminated', signal }, 0, 0),
    ...keys.map((key, index) => request(index < before ? 100 + index : 2_000 + index, 10, 201, { phase: '1', key })),
    ...Array.from({ length: refused }, (_, index) =>
      request(1_100, 1, index % 2 === 0 ? 0 : 503, { phase: '1', key: 'x' }),
    ),
  ];
  events.push(request(150, 1, 200, { phase: '1', about: 'ready', endpoint: 'ready' }));
  if (end !== null)
    events.push({ type: 'service', at: T0 + 1_000, event: 'exited', code: 0, signal: null, asked: true, ...end });
  const others = doubled.includes('x') ? { x: 2 } : {};
  if (isRead) events.push({ type: 'stored', at: T0 + 3_000, rows: { ...Object.fromEntries(stored), ...others } });
  return verdicts(acknowledgedIsStored.judge(new History(events), facts()))[`acknowledged is stored: ${signal}`];
}

test.each<[string, Case, string]>([
  ['all of it is stored', {}, 'PASS'],
  ['an event from before its end is lost', { lost: ['k4'] }, 'FAIL'],
  ['an event from after it is lost', { lost: ['k9'] }, 'FAIL'],
  ['an event is stored twice', { doubled: ['k0'] }, 'FAIL'],
  ['what was not acknowledged is not stored', { refused: 4 }, 'PASS'],
  ['what was not acknowledged is stored twice', { refused: 4, doubled: ['x'] }, 'PASS'],
  ['few were acknowledged before its end', { before: 4 }, 'INCONCLUSIVE'],
  ['few were acknowledged after it', { after: 4 }, 'INCONCLUSIVE'],
  ['one of few is lost', { before: 1, after: 0, lost: ['k0'] }, 'FAIL'],
  ['nobody read the table', { isRead: false }, 'INCONCLUSIVE'],
  ['it did not exit', { end: null }, 'INCONCLUSIVE'],
  ['it ended by itself', { end: { asked: false } }, 'INCONCLUSIVE'],
])('a service that is terminated during calls, if %s', (_, given, expected) => {
  expect(judged(given)).toBe(expected);
});

test("a ledger that can't be read proves nothing", () => {
  const events: HistoryEvent[] = [
    begun(2, { action: 'terminated', signal: 'SIGKILL' }, 0, 0),
    { type: 'service', at: T0 + 1_000, event: 'exited', code: null, signal: 'SIGKILL', asked: true },
    ...Array.from({ length: 12 }, (_, index) =>
      request(index < 6 ? 100 : 2_000, 1, 201, { phase: '2', key: `k${index}` }),
    ),
    { type: 'stored', at: T0 + 3_000, rows: {}, problem: 'relation "x" does not exist' },
  ];
  expect(acknowledgedIsStored.judge(new History(events), facts())).toMatchObject([
    { verdict: 'INCONCLUSIVE', observed: 'relation "x" does not exist' },
  ]);
});
