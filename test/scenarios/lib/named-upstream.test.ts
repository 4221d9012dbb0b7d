import { expect, test } from 'vitest';
import { type NamePlace, upstreamNamedIn } from '../../../scenarios/lib/named-upstream.ts';

const namedIn = (telling: NamePlace, body: string | null, headers: Record<string, string> = {}) =>
  upstreamNamedIn({ headers, body } as unknown as Parameters<typeof upstreamNamedIn>[0], telling);

test('an answer says who made it in a header, whatever its case', () => {
  expect(namedIn({ header: 'x-model' }, null, { 'X-Model': 'luna' })).toBe('luna');
  expect(namedIn({ header: 'X-Model' }, null, { 'x-model': 'luna' })).toBe('luna');
  expect(namedIn({ header: 'x-model' }, null, { 'X-Models': 'luna' })).toBe('');
});

test.each([
  ['JSON', '{"data":{"model":"luna"}}', 'luna'],
  ['JSON on several lines', '{\n "data": {\n "model": "luna" }\n}', 'luna'],
  ['a number', '{"data":{"model":4}}', '4'],
  [
    'events',
    'event: a\ndata: {"id":1}\n\ndata: {"data":{"model":"luna"}}\n\ndata: {"data":{"model":"oss"}}\n\n',
    'luna',
  ],
  ['JSON without the field', '{"data":null}', ''],
  ['an object', '{"data":{"model":{}}}', ''],
  ['a text', 'luna', ''],
  ['nothing', null, ''],
])('an answer says who made it in a field: %s', (_, body, expected) => {
  expect(namedIn({ field: 'data.model' }, body)).toBe(expected);
});
