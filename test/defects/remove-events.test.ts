import { expect, test } from 'vitest';
import type { HistoryEvent } from '../../harness/history/events.ts';
import { History } from '../../harness/history/history.ts';
import { SERIES, seriesOf } from '../../harness/history/series.ts';
import { worst } from '../../harness/verdict/finding.ts';
import { begun, connection, connections, facts, metric, receipt, requests, T0 } from '../support/history.ts';
import { judge } from '../support/judge.ts';
import { complete } from '../support/recorded.ts';
import { removeEvents } from './remove-events.ts';

const [FACTS, HOLDS] = [facts('llm'), ['breaker-closes']];

const counted = (value: number, name?: string): HistoryEvent => ({
  type: 'count',
  at: T0 + 220,
  ...(name === undefined ? { of: 'requests of the generator' } : { of: 'samples', metric: name }),
  value,
});

/** A breaker that lets only 19 of 20 calls through after it has closed. There is an event of every kind. */
const EVENTS: HistoryEvent[] = [
  { type: 'service', at: T0, event: 'started' },
  { type: 'search', at: T0, secrets: ['KEY'], unsearched: [] },
  { type: 'fault', at: T0 + 1, upstream: 'groq', asked: { healed: 'f1' } },
  { type: 'transition', at: T0 + 2, breaker: 'llm', to: 'closed', line: 'closed' },
  begun(1, { action: 'open' }, 3, 0),
  begun(2, { action: 'closed' }, 10, 0),
  ...requests(20, 20, 5, 201, { phase: '2' }),
  ...Array.from({ length: 19 }, (_, index) => receipt(index + 1, 21 + index, 5, 'groq')),
  connection(1, 22, 'database'),
  connection(2, 23, 'database'),
  { type: 'span', at: T0 + 25, ms: 1, trace: 't', id: 's', service: 'x', name: 'call', failed: false },
  connections(40, 1),
  metric('took', 50, 1, { phase: '2' }),
  metric('took', 60, 2, { phase: '2' }),
  { type: 'stall', at: T0 + 50, ms: 3, of: 'lab' },
  { type: 'starved', since: T0, at: T0 + 51, ms: 0, of: 'lab' },
  { type: 'stored', at: T0 + 60, rows: { a: 1 } },
  { type: 'acted', at: T0 + 60, rows: { note: [['a']] } },
  { type: 'freeze', at: T0 + 61, until: T0 + 62, processes: 1 },
  {
    type: 'files',
    at: T0 + 63,
    of: 'log',
    files: 1,
    lines: 1,
    binary: { all: 0, names: [] },
    links: { all: 0, names: [] },
    unread: { all: 0, names: [] },
    process: 1,
  },
  { type: 'start', at: T0 + 70, about: 'empty', outcome: 'refused', code: 1, output: '' },
  { type: 'log', at: T0 + 79, text: 'Error: no' },
  { type: 'leak', at: T0 + 80, secret: 'KEY', of: 'log', line: 3 },
  { type: 'threshold', at: T0 + 200, metric: 'm', expression: 'rate==1', ok: true, samples: 1, values: { rate: 1 } },
  { type: 'engine', at: T0 + 210, event: 'ended', code: 0, signal: null },
  counted(20),
  counted(2, 'took'),
];

const caseOf = (events: readonly HistoryEvent[]) => ({ history: new History(events), facts: FACTS, holds: HOLDS });

test('the judge notices every removal from a history with events of all kinds', async () => {
  const events = complete(EVENTS);
  const { 'set-up': _, ...others } = SERIES;
  expect(new Set(events.flatMap((event) => seriesOf(event) ?? []))).toEqual(new Set(Object.keys(others)));
  expect(worst(judge(new History(events), FACTS, HOLDS).map(({ verdict }) => verdict))).toBe('FAIL');
  for (let seed = 1; seed <= 10; seed += 1) {
    expect(await removeEvents(caseOf(events), String(seed))).toEqual({ tried: 100, unnoticed: [] });
  }
});

test('a removal that nobody can notice is reported: k6 counts no samples of a Gauge', async () => {
  const { unnoticed } = await removeEvents(caseOf(complete([...EVENTS, metric('level', 90, 1, {})])), 'a Gauge');
  expect(unnoticed.length).toBeGreaterThan(0);
  for (const line of unnoticed) {
    expect(line).toMatch(/^seed "a Gauge", removal \d+: 1 of \d+ events lost by the source: /);
  }
});

test('nothing is tried with a record that is incomplete from the start', async () => {
  expect(await removeEvents(caseOf(EVENTS), '1')).toEqual({ tried: 0, unnoticed: [] });
});
