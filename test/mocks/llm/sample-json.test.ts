import { expect, test } from 'vitest';
import { sampleJson } from '../../../mocks/llm/sample-json.ts';

test.each([
  [{ type: 'string' }, 'text'],
  [{ type: 'string', minLength: 7 }, 'text te'],
  [{ type: 'string', maxLength: 2 }, 'te'],
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
  [{ type: 'object', properties: { a: { type: 'string' }, b: {} }, required: ['a'] }, { a: 'text' }],
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
  expect(sampleJson(schema)).toEqual(sample);
});

test('terminates for a schema that requires itself', () => {
  const schema = { type: 'object', properties: { next: { $ref: '#' } }, required: ['next'] };
  expect(() => JSON.stringify(sampleJson(schema))).not.toThrow();
});
