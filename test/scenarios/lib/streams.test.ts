import { expect, test } from 'vitest';
import type { Stream } from '../../../harness/contract/schema/stream.ts';
import { isComplete, tellsError } from '../../../scenarios/lib/streams.ts';

const answer = (type: string, body: string | null) => ({ headers: { 'Content-Type': type }, body });
const tells = (type: string, body: string | null) => tellsError(answer(type, body));

const SSE = 'text/event-stream; charset=utf-8';

test.each([
  ['a field error', SSE, 'data: {"choices":[]}\n\ndata: {"error":{"message":"overloaded"}}\n\n'],
  ['an event named error', SSE, 'event: error\ndata: oh\n\n'],
  ['carriage returns', SSE, 'event: error\r\ndata: oh\r\n\r\n'],
  ['lines that end with CR', SSE, ': hello\r\revent: error\rdata: oh\r\r'],
  ['an event of type error', SSE, 'data:{"type":"error","message":"oh"}\n\n'],
  ['a failed response', SSE, 'data: {"type":"response.failed"}\n\n'],
  ['JSON lines', 'application/x-ndjson', '{"text":"a"}\n{"error":"oh"}\n'],
])('a stream reports an error by %s', (_, type, body) => {
  expect(tells(type, body)).toBe(true);
});

test.each([
  ['a complete stream', SSE, 'data: {"choices":[],"error":null}\n\ndata: [DONE]\n\n'],
  ['a stream about errors', SSE, 'data: {"text":"error"}\n\nevent: errors\ndata: "error"\n\n'],
  ['an answer that is no stream', 'application/json', '{"error":"oh"}'],
  ['no answer', '', null],
])('%s tells of none', (_, type, body) => {
  expect(tells(type, body)).toBe(false);
});

test('the contract can say how an event with an error looks', () => {
  const failed = answer(SSE, 'data: {"text":"a"}\n\nevent: failure\ndata: {"code":7}\n\n');
  expect(tellsError(failed)).toBe(false);
  expect(tellsError(failed, 'event: failure')).toBe(true);
  expect(tellsError(failed, ['event: abort', 'event: failure'])).toBe(true);
  expect(tellsError(failed, ['event: abort', 'event: error'])).toBe(false);
  expect(tellsError(failed, 'event: failure\ndata: {"code":7}')).toBe(true);
  expect(tellsError(answer('text/plain', 'event: failure'), 'event: failure')).toBe(false);
  expect(tellsError(answer(SSE, ': event: failure\n\ndata: a\n\n'), 'event: failure')).toBe(false);
});

const LINES = 'application/x-ndjson';
const DONE: Stream = { format: 'sse', end: '[DONE]' };

test.each<[string, Stream, string, string]>([
  ['the last event has the text', DONE, SSE, 'data: a\n\ndata: [DONE]\n\n'],
  ['only a comment follows', DONE, SSE, 'data: a\r\n\r\ndata: [DONE]\r\n\r\n: bye\r\n\r\n'],
  ['no text is promised', { format: 'sse' }, SSE, 'data: a\n\n'],
  ['the last line has the text', { format: 'ndjson', end: '"done":true' }, LINES, '{"a":1}\n{"done":true}\n'],
])('a stream is complete if %s', (_, promise, type, body) => {
  expect(isComplete(answer(type, body), promise)).toBe(true);
});

test.each<[string, Stream, string, string | null]>([
  ['the text is in an earlier event', DONE, SSE, 'data: [DONE]\n\ndata: {"error":"oh"}\n\n'],
  ['the text is in a comment', DONE, SSE, 'data: a\n\n: [DONE]\n\n'],
  ['it has only comments', { format: 'sse' }, SSE, ': keep-alive\n\n'],
  ['it is empty', { format: 'sse' }, SSE, null],
  ['it has another format', { format: 'sse' }, LINES, '{"a":1}\n'],
])('a stream is not complete if %s', (_, promise, type, body) => {
  expect(isComplete(answer(type, body), promise)).toBe(false);
});
