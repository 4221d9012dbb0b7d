import type { HistoryEvent, SpanEvent } from '../../harness/history/events.ts';
import { connections, receipt, request, requests, T0, titled } from '../support/history.ts';
import { finding, runResult, scenarioResult } from '../support/run-result.ts';

export const OUTAGE = 'chaos/llm-outage';

/** A trace of one of the requests that failed. */
const TRACE = '0af7651916cd43dd8448eb211c80319c';

const span = (after: number, ms: number, name: string, more: Partial<SpanEvent> = {}): SpanEvent => ({
  type: 'span',
  at: T0 + after,
  ms,
  trace: TRACE,
  id: name,
  service: 'shop',
  name,
  failed: false,
  ...more,
});

/** A history with data for every kind of chart. */
export const outage: HistoryEvent[] = [
  titled('steady', 0, 0),
  ...requests(5, 0, 40, 201, { endpoint: 'conversation-end' }),
  titled('opening', 1_000, 5),
  { type: 'fault', at: T0 + 1_000, upstream: 'groq', id: 'f1', asked: { kind: 'latency', milliseconds: 600 } },
  { ...receipt(6, 1_000, 90, 'groq', ['f1:latency']), trace: TRACE, parent: 'summarize' },
  ...Array.from({ length: 4 }, (_, index) => receipt(7 + index, 1_100 + index * 100, 90, 'groq', ['f1:latency'])),
  { ...request(1_000, 100, 502, { endpoint: 'conversation-end' }), trace: TRACE },
  ...requests(4, 1_100, 100, 502, { endpoint: 'conversation-end' }),
  span(1_001, 98, 'POST /conversation/end', { failed: true, message: 'the summary timed out' }),
  span(1_002, 3, 'SELECT messages', { parent: 'POST /conversation/end' }),
  span(1_006, 92, 'summarize', { parent: 'POST /conversation/end' }),
  { type: 'transition', at: T0 + 1_600, breaker: 'llm', to: 'open', line: 'opened' },
  ...requests(8, 1_700, 50, 503, { endpoint: 'conversation-end' }),
  request(2_500, 0, 0, { endpoint: 'conversation-end' }),
  ...requests(4, 2_600, 20, 429, { endpoint: 'health', step: 'over' }),
  { type: 'transition', at: T0 + 3_000, breaker: 'llm', to: 'half-open', line: 'attempting recovery' },
  { type: 'transition', at: T0 + 3_200, breaker: 'llm', to: 'closed', line: 'closed' },
  { type: 'fault', at: T0 + 3_300, upstream: 'groq', asked: {} },
  ...Array.from({ length: 40 }, (_, index) => connections(index * 100, index < 20 ? 2 : 5)),
  request(4_000, 12, 404, { endpoint: 'conversation-read' }),
];

/** A run with scenarios for each verdict: PASS, FAIL and INCONCLUSIVE. */
export const result = runResult([
  scenarioResult('chaos/impostor', [finding('gets nothing', 'PASS', { evidence: ['0 requests'] })]),
  scenarioResult(
    OUTAGE,
    [
      finding('opens at the threshold', 'FAIL', {
        evidence: Array.from({ length: 9 }, (_, n) => `receipt ${n}`),
        traces: [{ id: TRACE, spans: 3 }],
      }),
      finding('reopens', 'INCONCLUSIVE'),
      finding('a-name-without-any-place-to-break-it-'.repeat(6), 'PASS', { observed: 'x'.repeat(200) }),
    ],
    { ceiling: 5 },
  ),
]);
export const histories = new Map([[OUTAGE, outage]]);
