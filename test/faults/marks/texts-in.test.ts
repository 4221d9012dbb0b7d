import { expect, test } from 'vitest';
import { isLikeStream, textsIn } from '../../../faults/marks/texts-in.ts';

const texts = (body: string, type: string) => Object.fromEntries(textsIn(body, type).byPath);
const json = (body: unknown) => texts(JSON.stringify(body), 'application/json');
const sse = (...events: unknown[]) =>
  texts(
    events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join(''),
    'text/event-stream; charset=utf-8',
  );
const delta = (content: string, index = 0) => ({ choices: [{ index, delta: { content } }] });

test('JSON has a text at each string, and further items of a list have their indexes', () => {
  expect(json({ answer: 'a', more: { list: ['b', 'c'] }, n: 1 })).toEqual({
    answer: 'a',
    'more.list[]': 'b',
    'more.list[]#1': 'c',
  });
  expect(json('a')).toEqual({ '': 'a' });
});

test('the pieces of a stream are joined for each choice', () => {
  expect(sse(delta('a'), delta('x', 1), delta('b'), delta('y', 1), '[DONE]')).toMatchObject({
    'choices[].delta.content': 'ab',
    'choices[].delta.content#1': 'xy',
  });
});

test('blocks of other dialects are kept apart by their index', () => {
  const block = (index: number, text: string) => ({ type: 'content_block_delta', index, delta: { text } });
  expect(sse(block(0, 'a'), block(1, 'x'), block(0, 'b'))).toMatchObject({ 'delta.text': 'ab', 'delta.text#1': 'x' });
});

test('pieces that are numbered are one text', () => {
  const pieces = Array.from('abcdefghijklmnopqrstuvwxyz', (token, index) => ({ index, token }));
  expect(sse(...pieces)).toEqual({ token: 'abcdefghijklmnopqrstuvwxyz' });
});

test('events may end with any line end, and have several lines, comments and names', () => {
  const body = ': hello\r\n\r\nevent: x\r\ndata: a\r\ndata: b\r\n\r\rdata:c\n\n';
  expect(texts(body, 'text/event-stream')).toEqual({ '': 'a\nbc' });
});

test('an event at the end without a blank line is there, too', () => {
  expect(texts('data: a\n\ndata: b', 'text/event-stream')).toEqual({ '': 'ab' });
});

test.each([
  ['JSON lines', '{"text":"a"}\n{"text":"b"}\n', 'application/x-ndjson'],
  ['JSON lines whose last one is cut', '{"text":"a"}\n{"text":"b"}\n{"te', 'application/x-ndjson'],
])('%s are a stream', (_, body, type) => {
  expect(texts(body, type).text).toMatch(/^ab/);
});

test("lines of Vercel's AI SDK are a stream", () => {
  expect(texts('0:"a"\n0:"b"\nd:{"finishReason":"stop"}\n', 'text/plain')).toEqual({ '': 'ab', finishReason: 'stop' });
});

test('any other body is one text, and a web page is named', () => {
  expect(texts('Dear you,\nbye', 'text/plain')).toEqual({ '': 'Dear you,\nbye' });
  expect(texts('<p>a</p>', 'text/html; charset=utf-8')).toEqual({ '<html>': '<p>a</p>' });
});

test('a stream whose pieces contain all before them has the last one', () => {
  expect(sse({ text: 'once upon' }, { text: 'once upon a' }, { text: 'once upon a time' })).toEqual({
    text: 'once upon a time',
  });
  expect(sse({ text: 'o' }, { text: 'once' }, { text: 'once' }, { text: 'once upon' })).toEqual({ text: 'once upon' });
});

test('a last event that repeats the whole text is not a second one', () => {
  const whole = 'once upon a time there was';
  expect(sse({ text: 'once upon ' }, { text: 'a time there ' }, { text: 'was' }, { text: whole })).toEqual({
    text: whole,
  });
});

test('a piece that comes twice is there twice', () => {
  const piece = 'once upon a time there was ';
  expect(sse({ text: piece }, { text: piece }, { text: 'a king' })).toEqual({ text: `${piece}${piece}a king` });
});

test('names that are the same in all events are there once', () => {
  expect(sse(...Array.from({ length: 5 }, () => ({ model: 'luna' })))).toEqual({ model: 'luna' });
});

test('the last tokens and the model are reported, whatever their names are', () => {
  const usage = (body: unknown) => {
    const found = textsIn(JSON.stringify(body), 'application/json');
    return [found.usage, found.model];
  };
  expect(usage({ model: 'luna', usage: { prompt_tokens: 3, completion_tokens: 5 } })).toEqual([
    { input: 3, output: 5 },
    'luna',
  ]);
  expect(usage({ message: { model: 'sol', usage: { input_tokens: 3, output_tokens: 5 } } })).toEqual([
    { input: 3, output: 5 },
    'sol',
  ]);
  expect(usage({ answer: 'a' })).toEqual([{}, undefined]);
});

test.each([
  ['data: a\n\n', 'text/plain', true],
  ['0:"a"\n', 'text/plain', true],
  ['{"a":1}\n{"a":2}\n', 'application/json', true],
  ['', 'text/event-stream', true],
  ['{"a":1}\n', 'application/json', false],
  ['{\n"a":{\n}}', 'application/json', false],
  ['To whom it may concern: no', 'text/plain', false],
])('%j of %s may be a stream: %s', (body, type, expected) => {
  expect(isLikeStream(body, type)).toBe(expected);
});

test('events without their type are events', () => {
  expect(texts('data: {"a":"b"}\n\ndata: {"a":"c"}\n\n', 'text/plain')).toEqual({ a: 'bc' });
});
