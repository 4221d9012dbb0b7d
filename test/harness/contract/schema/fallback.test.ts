import { expect, test } from 'vitest';
import { fallbackOf, servedWithoutOf } from '../../../../harness/contract/schema/fallback.ts';

test('an order is a fallback without details', () => {
  expect(fallbackOf(['llm', 'backup'])).toEqual({ order: ['llm', 'backup'], never: [] });
  expect(fallbackOf(undefined)).toBeUndefined();
});

test('an endpoint is served without each upstream of its fallback but the last', () => {
  expect(servedWithoutOf({ servedWithout: ['cache'], fallback: ['llm', 'backup', 'local'] })).toEqual([
    'cache',
    'llm',
    'backup',
  ]);
  expect(servedWithoutOf({ servedWithout: ['llm'], fallback: { order: ['llm', 'backup'], never: [] } })).toEqual([
    'llm',
  ]);
  expect(servedWithoutOf({ servedWithout: [] })).toEqual([]);
});
