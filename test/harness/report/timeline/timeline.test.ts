import { expect, test } from 'vitest';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { Bins } from '../../../../harness/report/timeline/bins.ts';
import type { Chart } from '../../../../harness/report/timeline/chart.ts';
import { buildTimeline } from '../../../../harness/report/timeline/timeline.ts';
import { connections, handshakeFailed, receipt, request, requests, T0, titled } from '../../../support/history.ts';

const fault = (after: number, upstream: string, id: string, fields: object): HistoryEvent => ({
  type: 'fault',
  at: T0 + after,
  upstream,
  id,
  asked: { ...fields },
});
const heal = (after: number, upstream: string): HistoryEvent => ({
  type: 'fault',
  at: T0 + after,
  upstream,
  asked: {},
});
const transition = (after: number, to: 'open' | 'half-open' | 'closed'): HistoryEvent => ({
  type: 'transition',
  at: T0 + after,
  breaker: 'llm',
  to,
  line: `now ${to}`,
});

const started = (after: number): HistoryEvent => ({ type: 'service', at: T0 + after, event: 'started' });

function chartOf<Kind extends Chart['kind']>(kind: Kind, title: string, events: HistoryEvent[], ceiling?: number) {
  const found = buildTimeline(events, ceiling).charts.find((chart) => chart.title.includes(title));
  expect(found?.kind).toBe(kind);
  return found as Extract<Chart, { kind: Kind }>;
}

test('counts requests by outcome when they were sent, and omits outcomes that did not occur', () => {
  const { x, series, title } = chartOf('bars', 'Requests', [
    request(0, 5, 201, {}),
    request(10, 300, 503, {}),
    request(110, 5, 404, {}),
    request(120, 5, 429, {}),
    request(130, 5, 0, {}),
    request(149, 5, 302, {}),
  ]);
  expect(title).toBe('Requests sent per 50 ms, by outcome');
  expect(x.slice(0, 4)).toEqual([0.025, 0.075, 0.125, 0.175]);
  expect(series.map(({ label, values }) => [label, values.slice(0, 4)])).toEqual([
    ['2xx, 3xx', [1, 0, 1, 0]],
    ['4xx', [0, 0, 1, 0]],
    ['429 rate limited', [0, 0, 1, 0]],
    ['5xx', [1, 0, 0, 0]],
    ['no answer', [0, 0, 1, 0]],
  ]);
});

test('computes percentiles of responses for each bin, and none for empty bins', () => {
  const { series } = chartOf('lines', 'Latency', [
    ...[1, 2, 3, 40].map((ms) => request(0, ms, 200, {})),
    request(60, 7, 0, {}),
    request(101, 9, 200, {}),
  ]);
  expect(series.map(({ label, values }) => [label, values.slice(0, 3)])).toEqual([
    ['p50', [2, null, 9]],
    ['p99', [40, null, 9]],
    ['never answered', [null, 7, null]],
  ]);
  const answered = chartOf('lines', 'Latency', [request(0, 1, 200, {})]);
  expect(answered.series.map(({ label }) => label)).toEqual(['p50', 'p99']);
});

test('counts the arrivals at each upstream, with failed handshakes counted separately', () => {
  const { series } = chartOf('bars', 'upstream', [
    receipt(1, 0, 1, 'mem0'),
    receipt(2, 10, 1, 'groq'),
    receipt(3, 60, 1, 'groq'),
    handshakeFailed(4, 70, 'groq'),
  ]);
  expect(series.map(({ label, values }) => [label, values])).toEqual([
    ['groq', [1, 1]],
    ['mem0', [1, 0]],
    ['TLS handshakes refused', [0, 1]],
  ]);
});

test('a fault lasts until it is healed, or until the last of its N requests', () => {
  const { faults } = buildTimeline([
    request(0, 1_000, 200, {}),
    fault(100, 'groq', 'f1', { kind: 'status', status: 500, next: 2 }),
    receipt(1, 150, 10, 'groq', ['f1:status']),
    receipt(2, 200, 30, 'groq', ['f1:status']),
    fault(300, 'groq', 'f2', { kind: 'latency', milliseconds: 600 }),
    fault(400, 'mem0', 'f3', { kind: 'hang' }),
    heal(700, 'groq'),
  ]);
  expect(faults.map(({ lane, label, from, to }) => [lane, label, from, to])).toEqual([
    ['fault of groq', 'status 500 (next 2)', 0.1, 0.23],
    ['fault of groq', 'latency 600 ms', 0.3, 0.7],
    ['fault of mem0', 'hang', 0.4, 1],
  ]);
});

test('a fault ends when it is healed individually or with all others, and when its time is up', () => {
  const { faults } = buildTimeline([
    request(0, 1_000, 200, {}),
    fault(0, 'groq', 'f1', { kind: 'hang' }),
    fault(0, 'mem0', 'f1', { kind: 'hang' }),
    fault(0, 'groq', 'f2', { kind: 'reset' }),
    fault(100, 'database', 'f1', { kind: 'refuse', afterMilliseconds: 50, forMilliseconds: 250 }),
    { ...heal(300, 'groq'), asked: { healed: 'f1' } } as HistoryEvent,
    heal(700, 'all'),
  ]);
  expect(faults.map(({ lane, from, to }) => [lane, from, to])).toEqual([
    ['fault of groq', 0, 0.3],
    ['fault of mem0', 0, 0.7],
    ['fault of groq (2)', 0, 0.7],
    ['fault of database', 0.15, 0.4],
  ]);
});

test('a fault that has ended by itself does not last until it is healed', () => {
  const { faults } = buildTimeline([
    request(0, 1_000, 200, {}),
    fault(100, 'database', 'f1', { kind: 'terminate' }),
    fault(300, 'database', 'f2', { kind: 'restart', afterMilliseconds: 50, downMilliseconds: 100 }),
    heal(700, 'all'),
  ]);
  expect(faults.map(({ lane, from, to }) => [lane, from, to])).toEqual([
    ['fault of database', 0.1, 0.1],
    ['fault of database', 0.35, 0.45],
  ]);
});

test('in a window until now, a fault for N requests ends with the last known one, or earlier', () => {
  const events: HistoryEvent[] = [
    fault(0, 'groq', 'f1', { kind: 'reset', next: 1 }),
    fault(10, 'groq', 'f2', { kind: 'hang', next: 2 }),
    receipt(7, 5_100, 50, 'groq', ['f2:hang']),
    fault(6_000, 'groq', 'f3', { kind: 'reset', next: 1 }),
    heal(9_000, 'all'),
  ];
  const { faults } = buildTimeline(events, undefined, { from: T0 + 5_000, until: T0 + 10_000 });
  expect(faults.map(({ label, from, to }) => [label, from, to])).toEqual([
    ['hang (next 2)', 0, 0.15],
    ['reset (next 1)', 1, 4],
  ]);
});

test('in a window until now, earlier events only determine the initial state', () => {
  const events: HistoryEvent[] = [
    titled('over', 0, 0),
    fault(100, 'mem0', 'f1', { kind: 'hang' }),
    heal(200, 'mem0'),
    titled('on', 300, 0),
    fault(400, 'groq', 'f1', { kind: 'hang' }),
    transition(500, 'open'),
    transition(600, 'half-open'),
    transition(11_000, 'closed'),
  ];
  const timeline = buildTimeline(events, undefined, { from: T0 + 10_000, until: T0 + 12_000 });
  expect([timeline.zero, timeline.end]).toEqual([2.05, 2.05]);
  const bands = timeline.charts.flatMap((chart) => (chart.kind === 'lanes' ? chart.bands : []));
  expect(bands.map(({ lane, label, from, to }) => [lane, label, from, to])).toEqual([
    ['phase', 'on', 0, 2],
    ['fault of groq', 'hang', 0, 2],
    ['llm', 'half-open', 0, 1],
    ['llm', 'closed', 1, 2],
  ]);
  expect(timeline.marks.map(({ at, to }) => [at, to])).toEqual([[1, 'closed']]);
});

test('a breaker is closed again once the service has restarted', () => {
  const events = [started(0), transition(200, 'open'), started(500), request(600, 300, 200, {})];
  const { bands } = chartOf('lanes', 'breakers', events);
  expect(bands.map(({ label, from, to }) => [label, from, to])).toEqual([
    ['closed', 0, 0.2],
    ['open', 0.2, 0.5],
    ['closed', 0.5, 0.9],
  ]);
});

test('overlapping faults get their own lanes, below the phases', () => {
  const events = [
    titled('steady', 0, 0),
    fault(100, 'groq', 'f1', { kind: 'mix', of: [{ kind: 'hang' }, { kind: 'status', status: 500 }] }),
    titled('open', 200, 0),
  ];
  const { lanes, bands } = chartOf('lanes', 'Test phases', [
    ...events,
    fault(300, 'groq', 'f2', { kind: 'reset' }),
    titled('end', 500, 0),
  ]);
  expect(lanes).toEqual(['phase', 'fault of groq', 'fault of groq (2)']);
  expect(bands.filter(({ lane }) => lane === 'phase').map(({ label, from, to }) => [label, from, to])).toEqual([
    ['steady', 0, 0.2],
    ['open', 0.2, 0.5],
    ['end', 0.5, 0.5],
  ]);
  expect(bands.find(({ lane }) => lane === 'fault of groq')?.label).toBe('mix of hang, status 500');
});

test('each process of the service has its own breakers, which close only when that process starts', () => {
  const second = (event: HistoryEvent) => ({ ...event, process: 2 }) as HistoryEvent;
  const lanes = chartOf('lanes', 'breakers', [
    started(0),
    second(started(10)),
    transition(200, 'open'),
    second(transition(300, 'open')),
    second(started(400)),
    request(500, 100, 200, {}),
  ]);
  expect(lanes.bands.map(({ lane, label, from, to }) => [lane, label, from, to])).toEqual([
    ['llm', 'closed', 0, 0.2],
    ['llm', 'open', 0.2, 0.6],
    ['llm of process 2', 'closed', 0, 0.3],
    ['llm of process 2', 'open', 0.3, 0.4],
    ['llm of process 2', 'closed', 0.4, 0.6],
  ]);
});

test('a breaker is closed until it opens, and its transitions are marked', () => {
  const events = [
    request(0, 900, 200, {}),
    transition(200, 'open'),
    transition(500, 'half-open'),
    transition(600, 'closed'),
  ];
  const { bands } = chartOf('lanes', 'breakers', events);
  expect(bands.map(({ label, from, to }) => [label, from, to])).toEqual([
    ['closed', 0, 0.2],
    ['open', 0.2, 0.5],
    ['half-open', 0.5, 0.6],
    ['closed', 0.6, 0.9],
  ]);
  expect(buildTimeline(events).marks).toContainEqual({
    at: 0.5,
    breaker: 'llm',
    to: 'half-open',
    line: 'now half-open',
  });
});

test('keeps changes in the number of connections, both ends, and the ceiling', () => {
  const samples = [0, 1, 1, 1, 1, 5, 5].map((total, index) => connections(index * 25, total));
  const { x, series, limit } = chartOf('lines', 'connections', samples, 5);
  expect(x).toEqual([0, 0.025, 0.1, 0.125, 0.15]);
  expect(series[0]?.values).toEqual([0, 1, 1, 5, 5]);
  expect(limit).toEqual({ label: 'maximum', value: 5 });
});

test('shows from when to when each endpoint and step was rejected with 429', () => {
  const tags = { endpoint: 'health', step: 'over' };
  const { lanes, bands } = chartOf('lanes', '429', [
    ...requests(3, 0, 100, 200, tags),
    ...requests(3, 300, 100, 429, tags),
    request(700, 10, 429, { endpoint: 'health', step: 'second window' }),
  ]);
  expect(lanes).toEqual(['health']);
  expect(bands.map(({ label, from, to }) => [label, from, to])).toEqual([
    ['over (3 × 429)', 0.3, 0.6],
    ['second window (1 × 429)', 0.7, 0.71],
  ]);
});

test('a history without events has no charts', () => {
  expect(buildTimeline([]).charts).toEqual([]);
});

test.each([
  [0, 0.05, '50 ms'],
  [6, 0.05, '50 ms'],
  [6.1, 0.1, '100 ms'],
  [120, 1, '1 s'],
  [3_000, 30, '30 s'],
])('%d s are counted in bins of %d s, never more than fit on a screen', (seconds, width, label) => {
  const bins = new Bins(seconds);
  expect([bins.width, bins.label]).toEqual([width, label]);
  expect(bins.starts.length).toBeLessThanOrEqual(121);
  expect(bins.count([seconds, 0])[bins.starts.length - 1]).toBeGreaterThan(0);
});
