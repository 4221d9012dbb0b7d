import { expect, test } from 'vitest';
import { anotherValue } from '../../../harness/lab/spoil-ledger.ts';

test.for([
  ['uuid', 'gen_random_uuid()'],
  ['bigint', '"id" + 1000000'],
  ['text', `"id" || '-again'`],
  ['character varying', `"id" || '-again'`],
  ['character varying(26)', 'left(md5("id"), 26)'],
  ['timestamp with time zone', '"id"'],
] as const)('another row has another value of type %s, which fits', ([type, value]) => {
  expect(anotherValue('"id"', type)).toBe(value);
});
