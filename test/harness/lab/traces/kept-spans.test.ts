import { expect, test } from 'vitest';
import type { SpanEvent } from '../../../../harness/history/events.ts';
import { KeptSpans } from '../../../../harness/lab/traces/kept-spans.ts';

const span = (trace: string, id: string): SpanEvent => ({
  type: 'span',
  at: 1,
  ms: 1,
  trace,
  id,
  service: 'shop',
  name: 'work',
  failed: false,
});

/** Returns a trace ID whose last 8 digits have this part of their greatest value. */
const traceAt = (part: number): string =>
  `aaaa${Math.floor(part * 2 ** 32)
    .toString(16)
    .padStart(8, '0')}`;

const idsIn = (kept: KeptSpans): string[] => [...kept].map(({ id }) => id);

test('a span that is sent again counts once', () => {
  const kept = new KeptSpans('aaaa', { ofAll: 2, ofTrace: 9 });
  for (const id of ['1', '2', '1']) kept.add(span(traceAt(0.9), id));
  expect(idsIn(kept)).toEqual(['1', '2']);
});

test('if there are too many spans, whole traces are dropped, also those that come later', () => {
  const kept = new KeptSpans('aaaa', { ofAll: 4, ofTrace: 9 });
  for (const part of [0.1, 0.6, 0.3]) for (const id of ['a', 'b']) kept.add(span(traceAt(part), `${part}${id}`));
  expect(idsIn(kept)).toEqual(['0.1a', '0.1b', '0.3a', '0.3b']);
  kept.add(span(traceAt(0.9), 'late'));
  expect(idsIn(kept)).toHaveLength(4);
  kept.add(span(traceAt(0.2), 'over'));
  expect(idsIn(kept)).toEqual(['0.1a', '0.1b', 'over']);
});

test('a trace without end keeps only its first spans', () => {
  const kept = new KeptSpans('aaaa', { ofAll: 9, ofTrace: 2 });
  for (const id of ['1', '2', '3']) kept.add(span(traceAt(0.1), id));
  expect(idsIn(kept)).toEqual(['1', '2']);
});
