import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { checkSecretKey, DEFAULT_SECRET_KEY, SECRET_KEY_REFUSAL } from '../../../service/config/secret-key.ts';

const STRONG = 'Zq8-rT2_vL5.xW9+bN4=cM7!kJ3*hG6p';

test('rejects the key with the message of the specification', () => {
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
])('production rejects %s', (_what, key) => {
  expect(checkSecretKey(key, 'production')).toEqual({ problem: SECRET_KEY_REFUSAL });
});

test.each(['production', 'development'] as const)('%s accepts 32 characters, without a warning', (environment) => {
  expect(checkSecretKey(STRONG, environment)).toEqual({ key: STRONG });
});

test.each([undefined, '', DEFAULT_SECRET_KEY])('development uses the default key for %j, with a warning', (key) => {
  expect(checkSecretKey(key, 'development')).toEqual({
    key: DEFAULT_SECRET_KEY,
    warning: expect.stringContaining('default key'),
  });
});

test('development rejects a short key and reports its length', () => {
  expect(checkSecretKey('k'.repeat(31), 'development')).toEqual({
    problem: 'SECRET_KEY has 31 characters: at least 32 are required',
  });
});

test.each([
  'change-me-to-a-long-random-string-please',
  'CHANGE_THIS_BEFORE_GOING_LIVE_0123456789',
  'your_secret_key_goes_here_1234567890',
  'my-super-secret-key-of-32-characters',
  'django-insecure-3f$k2!x_9q@w7z#p5v^m1',
  'a-string-secret-at-least-256-bits-long',
  '09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7',
  '<generate me with: openssl rand -hex 32>',
])('production rejects %s, which appears in documentation', (key) => {
  expect(checkSecretKey(key, 'production')).toEqual({ problem: SECRET_KEY_REFUSAL });
});

test.each([
  ['one character', 'k'.repeat(64)],
  ['two', 'ab'.repeat(20)],
  ['seven', 'abcdefg'.repeat(6)],
  ['seven in no order', 'aebgcafdbegacfdbgaecbfadgcebfagdce'],
  ['a row of letters', 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  ['a row of digits', '0123456789'.repeat(4)],
  ['every second letter', 'acegikmoqsuwyACEGIKMOQSUWY02468ace'],
  ['a good word repeated', 'Zq8-rT2_vL5.xW9+'.repeat(3)],
  ['a good word repeated, cut short', 'Zq8-rT2_vL5.xW9+'.repeat(3).slice(0, 40)],
  ['another case each time', 'aAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaA'],
])('production rejects %s', (_what, key) => {
  expect(checkSecretKey(key, 'production')).toEqual({ problem: SECRET_KEY_REFUSAL });
});

test.each(['hex', 'base64url'] as const)('production accepts a random key in %s', (encoding) => {
  for (let n = 0; n < 2000; n += 1) {
    const key = randomBytes(encoding === 'hex' ? 16 : 24).toString(encoding);
    expect(checkSecretKey(key, 'production'), key).toEqual({ key });
  }
});
