import { expect, test } from 'vitest';
import { MarkedAnswer } from '../../../faults/marks/marked-answer.ts';
import { markWord } from '../../../faults/marks/marks.ts';
import { sampleJson } from '../../../mocks/llm/sample-json.ts';

/** This number gives the shortest long texts, and short ones of two words. */
const marked = () => new MarkedAnswer(7, Buffer.alloc(8, 7));
const words = (channel: number, count: number, first = 0) =>
  Array.from({ length: count }, (_, index) => markWord(7, channel * 128 + first + index)).join(' ');
const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

test.each([
  [{ type: 'string' }, sentence(words(0, 6))],
  [{ type: 'string', minLength: 70 }, sentence(words(0, 7))],
  [{ type: 'string', maxLength: 22 }, sentence(words(0, 2))],
  [{ type: 'string', maxLength: 21 }, sentence(words(0, 2)).slice(0, -1)],
  [{ type: 'string', maxLength: 9 }, 'text'],
  [{ type: 'string', maxLength: 2 }, 'te'],
  [{ type: 'string', minLength: 7, maxLength: 9 }, 'text te'],
  [{ type: 'string', pattern: '^[a-z]+$' }, 'text'],
  [{ type: 'string', format: 'date' }, '2026-01-01'],
  [{ type: 'integer' }, 0],
  [{ type: 'integer', minimum: 2.5 }, 3],
  [{ type: 'integer', exclusiveMinimum: 3 }, 4],
  [{ type: 'integer', maximum: -3 }, -4],
  [{ type: 'number', minimum: 1.5 }, 1.5],
  [{ type: 'number', exclusiveMinimum: 0, maximum: 1 }, 0.5],
  [{ type: 'number', minimum: 5, multipleOf: 3 }, 6],
  [{ type: ['null', 'string'] }, null],
  [{ type: 'boolean' }, true],
  [{ enum: ['b', 'a'] }, 'b'],
  [{ const: 7 }, 7],
  [{ anyOf: [{ type: 'null' }, { type: 'string' }] }, null],
  [{ type: 'array', items: { type: 'integer' }, minItems: 2 }, [0, 0]],
  [{ type: 'array', items: { type: 'integer' } }, []],
  [{ type: 'object', properties: { a: { type: 'string' }, b: {} }, required: ['a'] }, { a: words(0, 2) }],
  [
    {
      type: 'object',
      properties: { user_id: { type: 'string' }, summary: { type: 'string' } },
      required: ['user_id', 'summary'],
    },
    { user_id: 'text', summary: sentence(words(0, 6)) },
  ],
  [
    {
      type: 'object',
      properties: { topics: { type: 'array', minItems: 2, items: { type: 'string' } } },
      required: ['topics'],
    },
    { topics: [words(0, 2), words(1, 2)] },
  ],
  [
    {
      allOf: [
        { required: ['a'], properties: { a: { const: 1 } } },
        { required: ['b'], properties: { b: { const: 2 } } },
      ],
    },
    { a: 1, b: 2 },
  ],
  [{ $ref: '#/$defs/x', $defs: { x: { const: 'here' } } }, 'here'],
])('of %j is %j', (schema, sample) => {
  expect(sampleJson(schema, marked())).toEqual(sample);
});

test('terminates for a schema that requires itself', () => {
  const schema = { type: 'object', properties: { next: { $ref: '#' } }, required: ['next'] };
  expect(() => JSON.stringify(sampleJson(schema, marked()))).not.toThrow();
});

test('uses another channel for each free string, and shares the last one', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
  const properties = Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
  const answer = marked();
  const sample = sampleJson({ type: 'object', properties, required: names }, answer);
  expect(sample).toMatchObject({ a: words(0, 2), b: words(1, 2), c: words(2, 2), h: words(7, 2) });
  expect(sample).toMatchObject({ i: words(7, 2, 2), j: words(7, 2, 4) });
  expect(answer.words).toEqual([2, 2, 2, 2, 2, 2, 2, 6]);
});
