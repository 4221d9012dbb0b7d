import { expect, test } from 'vitest';
import { goDuration } from '../../../../mocks/openai/dialect/go-duration.ts';

test.each([
  [0, '0s'],
  [0.086, '86µs'],
  [172, '172ms'],
  [172.8, '172.8ms'],
  [7_660, '7.66s'],
  [60_000, '1m0s'],
  [179_560, '2m59.56s'],
  [578_016, '9m38.016s'],
  [86_400_000, '24h0m0s'],
])('prints %d ms as %s', (milliseconds, printed) => {
  expect(goDuration(milliseconds)).toBe(printed);
});
