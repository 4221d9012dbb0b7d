import { expect, test } from 'vitest';
import { checkSecretKey, DEFAULT_SECRET_KEY, SECRET_KEY_REFUSAL } from '../../../service/protections/secret-key.ts';

const STRONG = 'Zq8-rT2_vL5.xW9+bN4=cM7!kJ3*hG6p';

test('refuses in the words of the specification', () => {
  expect(SECRET_KEY_REFUSAL).toBe(
    'SECRET_KEY must be changed in production! Set a strong random key (at least 32 characters) in .env file. Example: SECRET_KEY=$(openssl rand -hex 32)',
  );
});

test.each([
  ['a missing key', undefined],
  ['an empty key', ''],
  ['a blank key', ' '.repeat(40)],
  ['the default key', DEFAULT_SECRET_KEY],
  ['the default key in blanks', ` ${DEFAULT_SECRET_KEY}\n`],
  ['31 characters', STRONG.slice(1)],
  ['31 characters and a blank', `${STRONG.slice(1)} `],
])('production refuses %s', (_what, key) => {
  expect(checkSecretKey(key, 'production')).toEqual({ problem: SECRET_KEY_REFUSAL });
});

test.each(['production', 'development'] as const)('%s accepts 32 characters, without a warning', (environment) => {
  expect(checkSecretKey(STRONG, environment)).toEqual({ key: STRONG });
});

test.each([undefined, '', DEFAULT_SECRET_KEY])('development takes the default for %j, with a warning', (key) => {
  expect(checkSecretKey(key, 'development')).toEqual({
    key: DEFAULT_SECRET_KEY,
    warning: expect.stringContaining('default key'),
  });
});

test('development refuses a short key, saying how long it is', () => {
  expect(checkSecretKey('k'.repeat(31), 'development')).toEqual({
    problem: 'SECRET_KEY has 31 characters: at least 32 are required',
  });
});
