import { expect, test } from 'vitest';
import type { HistoryEvent, SpanEvent } from '../../../../harness/history/events.ts';
import { traceFigures } from '../../../../harness/report/html/trace-figures.ts';
import { receipt, request, T0 } from '../../../support/history.ts';
import { finding } from '../../../support/run-result.ts';

const span = (after: number, ms: number, name: string, more: Partial<SpanEvent> = {}): SpanEvent => ({
  type: 'span',
  at: T0 + after,
  ms,
  trace: 'a',
  id: name,
  service: 'shop',
  name,
  failed: false,
  ...more,
});

const sent = { ...request(100, 50, 502, { endpoint: 'ask' }), trace: 'a' };

const figureOf = (events: HistoryEvent[], ids = ['a']): string => {
  const figures = traceFigures(finding('serves ask', 'FAIL', { traces: ids.map((id) => ({ id, spans: 1 })) }), events);
  return figures ? figures.text : '';
};

/** Returns the cells of each row, without the bars. */
const rowsOf = (page: string): string[][] =>
  (page.match(/<tr(?: class="failed")?><td>.*?<\/tr>/g) ?? []).map((row) =>
    [...row.matchAll(/<td[^>]*>([^<]*)<\/td>/g)].map(([, text = '']) => text.replaceAll('\u00a0', ' ')),
  );

test('a trace has its request first, then spans and upstream requests below the span that they belong to', () => {
  const events = [
    { ...receipt(1, 110, 20, 'groq'), trace: 'a', parent: 'complete' },
    span(101, 48, 'POST /ask', { parent: 'of the script', failed: true, message: 'no answer' }),
    span(140, 1, 'log'),
    sent,
    // Its clock is coarser than that of its parent.
    span(100.5, 30, 'complete', { parent: 'POST /ask' }),
    span(102, 1, 'of another', { trace: 'b' }),
    { ...request(0, 1, 200, { endpoint: 'health' }), trace: 'b' },
  ];
  expect(rowsOf(figureOf(events))).toEqual([
    ['caller', 'GET ask', '0.0', '50.0', '502'],
    ['shop', '  POST /ask', '1.0', '48.0', 'failed: no answer'],
    ['shop', '    complete', '0.5', '30.0', ''],
    ['groq', '      GET /x', '10.0', '20.0', '200'],
    ['shop', '  log', '40.0', '1.0', ''],
  ]);
});

test('bars lie within the trace, and short ones remain visible', () => {
  const page = figureOf([sent, span(125, 25, 'half'), span(150, 0, 'end')]);
  expect([...page.matchAll(/<rect x="([\d.]+)" width="([\d.]+)"/g)].map(([, x, width]) => [x, width])).toEqual([
    ['0.00', '100.00'],
    ['50.00', '50.00'],
    ['99.50', '0.50'],
  ]);
});

test('a trace of which only the request is known is not shown', () => {
  expect(figureOf([sent])).toBe('');
  expect(figureOf([sent, span(101, 1, 'work')], ['b'])).toBe('');
});

test('the first trace is open, and a long one is cut off', () => {
  const many = Array.from({ length: 70 }, (_, n) => span(101, 1, `work ${n}`));
  const page = figureOf([sent, ...many, { ...sent, trace: 'b' }, span(101, 1, 'x', { trace: 'b' })], ['a', 'b']);
  expect(page.match(/<details class="more trace"( open)?>/g)).toEqual([
    '<details class="more trace" open>',
    '<details class="more trace">',
  ]);
  expect(page).toContain('And 11 more spans.');
});

test('names are escaped', () => {
  expect(figureOf([sent, span(101, 1, '<script>')])).toContain('&lt;script&gt;');
});
