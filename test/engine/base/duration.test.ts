import { describe, expect, test } from 'vitest';
import { formatDuration, parseDuration } from '../../../engine/base/duration.ts';

describe('a duration', () => {
  test.each([
    ['1s', 1_000],
    ['1m30s', 90_000],
    ['800ms', 800],
    ['1.5h', 5_400_000],
    ['1d', 86_400_000],
    ['250', 250],
    [250, 250],
    ['0s', 0],
    ['1d12h', 129_600_000],
    ['-1s', -1_000],
    ['.5s', 500],
    ['5.s', 5_000],
    ['1e3', 1_000],
    [-1, -1],
  ])('%j is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(['', 's', ' 1s', '1 s', '1y', '1.5d', '1d-1h', Number.NaN, 'soon'])('rejects %j', (text) => {
    expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: 'INVALID_DURATION' }));
  });

  test('is formatted like in Go', () => {
    expect([500, 2_000, 90_000, 3_600_000].map(formatDuration)).toEqual(['500ms', '2s', '1m30s', '1h0m0s']);
  });
});
