import { expect, test } from 'vitest';
import { z } from 'zod';
import { contractSchema, judgedNumbers, promises } from '../../../harness/contract/contract.ts';
import { PATTERNS, promiseAt, promiseOrReason, promisesOf } from '../../../harness/contract/promises.ts';

type Schema = { type?: string; $ref?: string; anyOf?: Schema[]; oneOf?: Schema[]; allOf?: Schema[] } & {
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
};

/** Returns all places of a schema, from its root to its fields. A record has a field "*". */
function placesIn(schema: Schema, path: readonly string[] = []): string[][] {
  const { anyOf, oneOf, allOf, properties = {}, additionalProperties: others } = schema;
  const options = anyOf ?? oneOf ?? allOf;
  if (options) return options.flatMap((option) => placesIn(option, path));
  const fields = Object.entries(properties);
  const hasNames = typeof others === 'object' && Object.keys(others).length > 0;
  return [
    [...path],
    ...fields.flatMap(([name, field]) => placesIn(field, [...path, name])),
    ...(hasNames ? placesIn(others, [...path, '*']) : []),
  ];
}

const schemaOf = (schema: z.ZodType): Schema =>
  z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any', reused: 'inline' }) as Schema;

const PLACES = [...placesIn(schemaOf(promises)), ...placesIn(schemaOf(judgedNumbers), ['profiles', '*'])];
const isAbove = (a: readonly string[], b: readonly string[]) =>
  a.length < b.length && a.every((part, index) => part === b[index]);
const FIELDS = PLACES.filter((place) => !PLACES.some((other) => isAbove(place, other)));

test('each field of a contract is a promise, or has a reason why it promises nothing', () => {
  expect(FIELDS.length).toBeGreaterThan(100);
  expect(FIELDS.filter((field) => promiseOrReason(field) === undefined)).toEqual([]);
});

test('each promise, and each field that promises nothing, is in the schema', () => {
  const places = new Set(PLACES.map((place) => place.join('.')));
  expect(PATTERNS.filter((pattern) => !places.has(pattern))).toEqual([]);
});

const written = {
  name: 'shop',
  start: { command: ['node'], readyPath: '/', readySeconds: 5 },
  endpoints: {
    ask: { method: 'POST', path: '/ask', served: [200], reaches: ['llm'], onFault: { hang: 504 } },
    read: { method: 'GET', path: '/read', served: [200], user: 'u' },
    timed: { method: 'GET', path: '/timed', served: [200], onFault: { hang: { answer: 504, withinSeconds: 3 } } },
  },
  upstreams: { llm: { openapi: 'llm.yaml', tls: false } },
  profiles: { fast: {} },
};
const promised = (more: object, fast: object = {}) => {
  const contract = contractSchema.parse({ ...written, ...more });
  return promisesOf(contract, contractSchema.parse({ ...written, profiles: { fast } }).profiles.fast as never).map(
    (path) => path.join('.'),
  );
};

test('a contract promises what it says, and nothing by fields that are empty or false', () => {
  expect(promised({})).toEqual([
    'endpoints.ask.served',
    'endpoints.read.served',
    'endpoints.timed.served',
    'endpoints.ask.reaches',
    'endpoints.ask.onFault.hang',
    'endpoints.timed.onFault.hang',
    'endpoints.timed.onFault.hang.withinSeconds',
  ]);
});

test('a default is a promise only if the contract has what it is about', () => {
  const limits = { ask: { max: 5, windowSeconds: 2 } };
  const more = promised({ authentication: { kind: 'bearer', keySetting: 'KEYS' } }, { limits });
  expect(more).toEqual(
    expect.arrayContaining(['endpoints.read.authenticated', 'client', 'limiter.window', 'profiles.*.limits.ask.max']),
  );
  expect(more).not.toContain('endpoints.ask.authenticated');
  expect(promised({ upstreams: { llm: { openapi: 'llm.yaml' } } })).toContain('tls.refused');
});

test('all names are names, also those that every object has', () => {
  const endpoints = JSON.parse('{"constructor":{"method":"GET","path":"/","served":[200],"user":"u"}}');
  const more = promised({ endpoints, upstreams: {}, authentication: { kind: 'bearer', keySetting: 'KEYS' } });
  expect(more).toEqual(['endpoints.constructor.served', 'endpoints.constructor.authenticated']);
});

test('a check is about the longest promise that its path begins with, and not about what is below its path', () => {
  expect(promiseAt(['refusedStarts', 'no key', 'says'])).toEqual(['refusedStarts', 'no key']);
  expect(promiseAt(['endpoints', 'ask', 'stream', 'format'])).toEqual(['endpoints', 'ask', 'stream']);
  expect(promiseAt(['endpoints', 'ask', 'stream', 'stallSeconds'])).toHaveLength(4);
  expect(promiseAt(['endpoints', 'ask'])).toBe(undefined);
  expect(promiseAt(['upstreams', 'llm', 'models'])).toBe(undefined);
});
