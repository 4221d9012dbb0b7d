import { expect, test } from 'vitest';
import { formatTime } from '../../../engine/output/json-output.ts';

test('formats a time with microseconds', () => {
  expect(formatTime(1_700_000_000_123.25)).toBe('2023-11-14T22:13:20.123250Z');
  expect(formatTime(1_700_000_000_999.9998)).toBe('2023-11-14T22:13:21.000000Z');
});
