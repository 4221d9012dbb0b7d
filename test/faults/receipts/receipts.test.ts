import { expect, test } from 'vitest';
import { Receipts } from '../../../faults/receipts/receipts.ts';

const clock = (...times: number[]) => ({ now: () => times.shift() ?? Number.NaN });

test('a receipt is open until the request ends, and then changes in place', () => {
  const receipts = new Receipts(clock(1000.5, 1002.25));
  const receipt = receipts.open('groq', 'POST', '/openai/v1/chat/completions?x=1');
  expect(receipts.after(0)).toEqual([
    {
      seq: 1,
      upstream: 'groq',
      kind: 'request',
      at: 1000.5,
      endedAt: null,
      method: 'POST',
      path: '/openai/v1/chat/completions?x=1',
      route: 'POST /openai/v1/chat/completions',
      faults: [],
      status: null,
      outcome: 'open',
    },
  ]);
  expect(receipts.count()).toEqual({ requests: 1, connections: 0, handshakesFailed: 0, closedUnused: 0, open: 1 });
  receipts.end(receipt, 'answered');
  expect(receipts.after(0)).toMatchObject([{ seq: 1, endedAt: 1002.25, outcome: 'answered' }]);
  expect(receipts.count()).toMatchObject({ open: 0 });
});

test('all upstreams and kinds of receipt share one sequence', () => {
  const receipts = new Receipts();
  receipts.open('groq', 'GET', '/a');
  receipts.handshakeFailed('mem0', 'ECONNRESET');
  receipts.open('groq', 'GET', '/b');
  expect(receipts.after(0).map(({ seq }) => seq)).toEqual([1, 2, 3]);
  expect(receipts.after(1, 'groq').map(({ seq }) => seq)).toEqual([3]);
  expect(receipts.after(3)).toEqual([]);
  expect(receipts.count('mem0')).toEqual({
    requests: 0,
    connections: 0,
    handshakesFailed: 1,
    closedUnused: 0,
    open: 0,
  });
});

test('only the last receipts are kept, and the dropped ones are counted', () => {
  const receipts = new Receipts({ capacity: 3 });
  const first = receipts.open('groq', 'GET', '/1');
  for (const path of ['/2', '/3', '/4', '/5']) receipts.open('groq', 'GET', path);
  expect(receipts.after(0).map(({ seq }) => seq)).toEqual([3, 4, 5]);
  expect(receipts.dropped).toBe(2);
  expect(receipts.last).toBe(5);

  receipts.end(first, 'answered');
  expect(receipts.count()).toMatchObject({ requests: 5, open: 4 });
});

test('reading new receipts is cheap with 200,000 receipts', () => {
  const receipts = new Receipts();
  for (let i = 0; i < 200_000; i++) receipts.open('groq', 'GET', '/');
  const began = process.threadCpuUsage();
  for (let i = 0; i < 10_000; i++) receipts.after(199_990, 'groq');
  // Scanning all receipts would take minutes. This takes about 10 ms.
  expect(process.threadCpuUsage(began).user / 1e3).toBeLessThan(1000);
});

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

test.each([
  [`00-${TRACE}-00f067aa0ba902b7-01`, TRACE],
  [`01-${TRACE}-00f067aa0ba902b7-00-more`, TRACE],
  [`00-${TRACE.toUpperCase()}-00f067aa0ba902b7-01`, undefined],
  [`00-${TRACE.slice(1)}-00f067aa0ba902b7-01`, undefined],
  ['', undefined],
  [undefined, undefined],
])('the traceparent %j names the trace %j', (traceparent, trace) => {
  const receipt = new Receipts().open('groq', 'GET', '/', { traceparent });
  expect([receipt.trace, receipt.parent]).toEqual(trace ? [trace, '00f067aa0ba902b7'] : [undefined, undefined]);
});
