import { expect, test } from 'vitest';
import { tellsError } from '../../scenarios/lib/tells-error.ts';

const told = (type: string, body: string | null) =>
  tellsError({ headers: { 'Content-Type': type }, body } as unknown as Parameters<typeof tellsError>[0]);

const SSE = 'text/event-stream; charset=utf-8';

test.each([
  ['a field error', SSE, 'data: {"choices":[]}\n\ndata: {"error":{"message":"overloaded"}}\n\n'],
  ['an event named error', SSE, 'event: error\ndata: oh\n\n'],
  ['carriage returns', SSE, 'event: error\r\ndata: oh\r\n\r\n'],
  ['an event of type error', SSE, 'data:{"type":"error","message":"oh"}\n\n'],
  ['a failed response', SSE, 'data: {"type":"response.failed"}\n\n'],
  ['JSON lines', 'application/x-ndjson', '{"text":"a"}\n{"error":"oh"}\n'],
])('a stream tells of an error by %s', (_, type, body) => {
  expect(told(type, body)).toBe(true);
});

test.each([
  ['a complete stream', SSE, 'data: {"choices":[],"error":null}\n\ndata: [DONE]\n\n'],
  ['a stream about errors', SSE, 'data: {"text":"error"}\n\nevent: errors\ndata: "error"\n\n'],
  ['an answer that is no stream', 'application/json', '{"error":"oh"}'],
  ['no answer', '', null],
])('%s tells of none', (_, type, body) => {
  expect(told(type, body)).toBe(false);
});
