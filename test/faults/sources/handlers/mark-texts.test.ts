import { expect, test } from 'vitest';
import { marksIn } from '../../../../faults/marks/marks.ts';
import { withMarks } from '../../../../faults/sources/handlers/mark-texts.ts';
import { asResponse } from '../../../../faults/upstream/text-answer.ts';
import type { AnswerNote, UpstreamRequest } from '../../../../faults/upstream/upstream-request.ts';
import { serveHandlers } from './handler-files.ts';

const TEXT = '{{proofload.text}}';

function marking(number?: number, path = '/') {
  const noted: AnswerNote[] = [];
  const note = (made: AnswerNote) => void noted.push(made);
  const request: UpstreamRequest = new Request(`https://fake.invalid${path}`);
  return { noted, request: Object.assign(request, number === undefined ? {} : { number, note }) };
}

const streamOf = (chunks: readonly (string | Uint8Array)[]) =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
      controller.close();
    },
  });
const streamed = (chunks: readonly (string | Uint8Array)[], headers: Record<string, string> = {}) =>
  new Response(streamOf(chunks), { headers: { 'content-type': 'text/event-stream', ...headers } });

test("fills the texts of a handler's JSON", async () => {
  await using upstream = await serveHandlers({
    'handlers.ts': `import { http, HttpResponse } from 'msw';
      export const handlers = [
        http.get('*/reply', () => HttpResponse.json({ reply: '${TEXT}', state: 'done', labels: ['${TEXT}'] })),
      ];`,
  });
  const { request, noted } = marking(37, '/reply');
  const answer = await upstream.handlers[0]?.answer(request, '/reply');
  const response = asResponse(answer ?? expect.fail('no answer'));
  const text = await response.text();
  expect(response.headers.get('content-length')).toBe(String(Buffer.byteLength(text)));
  expect(JSON.parse(text)).toMatchObject({ state: 'done' });
  const words = marksIn(text);
  expect(words.map(({ answer: number, position }) => [number, position])).toEqual([
    ...Array.from({ length: 8 }, (_, at) => [37, at]),
    ...Array.from({ length: 8 }, (_, at) => [37, 128 + at]),
  ]);
  expect(noted).toEqual([{ answer: { words: [8, 8] } }]);
});

test('fills a stream without holding back more than the beginning of a placeholder', async () => {
  const { request, noted } = marking(7);
  const chunks = ['data: {"a":1}\n\n', `data: ${TEXT.slice(0, 5)}`, TEXT.slice(5), '\n\n', 'data: {', '"b":2}\n\n{{'];
  const response = await withMarks(streamed(chunks), request);
  const got: string[] = [];
  for await (const chunk of response.body ?? []) got.push(Buffer.from(chunk).toString());
  expect(got.slice(0, 2)).toEqual(['data: {"a":1}\n\n', 'data: ']);
  expect(marksIn(got[2] ?? '')).toHaveLength(6);
  expect(got.slice(3)).toEqual(['\n\n', 'data: ', '{"b":2}\n\n', '{{']);
  expect(noted.at(-1)).toEqual({ answer: { words: [6] } });
});

test('leaves characters that are split between chunks whole', async () => {
  const bytes = Buffer.from('data: é\n\n');
  const response = await withMarks(streamed([bytes.subarray(0, 7), bytes.subarray(7)]), marking(7).request);
  expect(await response.text()).toBe('data: é\n\n');
});

test.each([
  ['is no text', { 'content-type': 'image/png' }],
  ['is compressed', { 'content-encoding': 'gzip' }],
])('leaves a response as it is if it %s', async (_, headers) => {
  const response = streamed([TEXT], headers);
  expect(await withMarks(response, marking(7).request)).toBe(response);
});

test('leaves a response as it is if there is no receipt', async () => {
  expect(await (await withMarks(streamed([TEXT]), marking().request)).text()).toBe(TEXT);
});

test('keeps the bytes of a body without placeholders, and notes nothing', async () => {
  const { request, noted } = marking(7);
  const response = await withMarks(
    new Response(Buffer.from([0xff, 0x41]), { headers: { 'content-type': 'text/plain', 'content-length': '2' } }),
    request,
  );
  expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0xff, 0x41]);
  expect(response.headers.get('content-length')).toBe('2');
  expect(noted).toEqual([]);
});
