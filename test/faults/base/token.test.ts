import { expect, test } from 'vitest';
import { isToken, newToken } from '../../../faults/base/token.ts';

test('only the same token is accepted, and no two tokens are the same', () => {
  const token = newToken();
  expect(isToken(token, token)).toBe(true);
  expect(['', token.slice(1), `${token}x`, newToken()].filter((given) => isToken(given, token))).toEqual([]);
});
