import { expect, test } from 'vitest';
import { marksIn } from '../../../../faults/marks/marks.ts';
import { respond } from '../../../../faults/upstream/respond.ts';
import { asResponse } from '../../../../faults/upstream/text-answer.ts';
import type { Upstream } from '../../../../faults/upstream/upstream.ts';
import type { AnswerNote } from '../../../../faults/upstream/upstream-request.ts';
import { ask } from '../ask-upstream.ts';
import { contents, serveDocument } from './openapi-files.ts';

const string = { type: 'string' };
const properties = {
  title: string,
  id: { ...string, format: 'uuid' },
  state: { ...string, enum: ['open', 'closed'] },
  code: { ...string, pattern: '^[A-Z]{3}$' },
  kind: { ...string, const: 'note' },
  language: { ...string, default: 'en' },
  short: { ...string, maxLength: 9 },
  label: { ...string, maxLength: 15 },
  long: { type: ['string', 'null'], minLength: 60 },
  example: string,
  named: { ...string, example: 'Alice' },
  described: { ...string, example: 'Alice likes long walks in the park.' },
  userId: string,
  summary: string,
  tags: { type: 'array', items: string },
  count: { type: 'integer' },
};
const document = contents({
  '/note': { 'application/json': { schema: { type: 'object', properties } } },
  '/notes': {
    'application/json': { schema: { type: 'array', minItems: 12, items: { $ref: '#/components/schemas/N' } } },
  },
  '/example': {
    'application/json': {
      example: { id: 'a1', state: 'out for delivery', text: 'Alice likes long walks in the park.' },
    },
  },
  '/xml': { 'application/xml': { schema: { type: 'object', xml: { name: 'note' }, properties: { title: string } } } },
  '/events': { 'text/event-stream': { schema: { type: 'object', properties: { title: string } } } },
});
const components = { schemas: { N: { type: 'object', properties: { title: string } } } };

async function askMarked(upstream: Upstream, path: string, number: number) {
  let noted: AnswerNote = {};
  const note = (made: AnswerNote) => {
    noted = made;
  };
  const request = Object.assign(new Request(`https://fake.invalid${path}`), { number, note });
  const text = await asResponse(await respond(upstream, request, () => undefined)).text();
  return { text, noted };
}

test('marks the strings that a schema leaves free, and only these', async () => {
  const upstream = await serveDocument({ ...document, components });
  const { text, noted } = await askMarked(upstream, '/note', 37);
  const usual = await (await ask(upstream, 'GET', '/note')).json();
  const { title, label, long, example, described, summary, tags, ...others } = JSON.parse(text);

  const expected = Object.entries(usual as object).filter(([name]) => name in others);
  expect(others).toEqual(Object.fromEntries(expected));
  expect(others).toMatchObject({
    state: 'open',
    kind: 'note',
    language: 'en',
    short: 'string',
    named: 'Alice',
    userId: 'string',
  });
  const channels = [title, label, long, example, described, summary, tags[0]].map(marksIn);
  expect(channels.flat().every(({ answer }) => answer === 37)).toBe(true);
  const places = channels.map((marks) => marks.map(({ position }) => position));
  expect(places).toEqual(
    noted.answer?.words.map((words, channel) => Array.from({ length: words }, (_, at) => channel * 128 + at)),
  );
  expect(places.map(({ length }) => length)).toEqual([2, 1, 6, 2, 3, 8, 2]);
  expect([label.length <= 15, long.length >= 60]).toEqual([true, true]);
});

test('shares the last channel, and leaves strings as they are if it is full', async () => {
  const upstream = await serveDocument({ ...document, components });
  const { text, noted } = await askMarked(upstream, '/notes', 7);
  expect(noted.answer?.words).toEqual([2, 2, 2, 2, 2, 2, 2, 10]);
  expect(marksIn(text).map(({ position }) => position)).toEqual([
    ...[0, 1, 2, 3, 4, 5, 6].flatMap((channel) => [channel * 128, channel * 128 + 1]),
    ...Array.from({ length: 10 }, (_, at) => 7 * 128 + at),
  ]);

  const items = { $ref: '#/components/schemas/N' };
  const many = contents({ '/all': { 'application/json': { schema: { type: 'array', minItems: 100, items } } } });
  const all = JSON.parse((await askMarked(await serveDocument({ ...many, components }), '/all', 7)).text);
  expect(all.filter(({ title }: { title: string }) => title === 'string')).toHaveLength(100 - 7 - 64);
});

test('marks sentences in examples, but nothing on which a service could rely', async () => {
  const { text, noted } = await askMarked(await serveDocument(document), '/example', 37);
  const { text: marked, ...others } = JSON.parse(text);
  expect(others).toEqual({ id: 'a1', state: 'out for delivery' });
  expect(marksIn(marked).map(({ position }) => position)).toEqual([0, 1, 2]);
  expect(noted.answer).toEqual({ words: [3] });
});

test.each(['/xml', '/events'])('marks a body that is no JSON: %s', async (path) => {
  const { text, noted } = await askMarked(await serveDocument(document), path, 7);
  expect(marksIn(text).map(({ position }) => position)).toEqual([0, 1]);
  expect(noted.answer).toEqual({ words: [2] });
});

test('without a number, the same request always gets the same response', async () => {
  const upstream = await serveDocument(document);
  for (const path of ['/note', '/example']) {
    const texts = await Promise.all([1, 2].map(async () => (await ask(upstream, 'GET', path)).text()));
    expect(texts[0]).toBe(texts[1]);
    expect(marksIn(texts[0] as string)).toEqual([]);
  }
});
