import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { checkSecretKey, DEFAULT_SECRET_KEY, SECRET_KEY_REFUSAL } from '../../../service/config/secret-key.ts';

const STRONG = 'Zq8-rT2_vL5.xW9+bN4=cM7!kJ3*hG6p';

const refusalOf = (key: string | undefined, environment: 'production' | 'development' = 'production') => {
  const checked = checkSecretKey(key, environment);
  return 'problems' in checked ? checked.problems : [];
};

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
  expect(refusalOf(key)).toEqual([SECRET_KEY_REFUSAL, expect.stringMatching(/^SECRET_KEY is .*\.$/)]);
});

test.each([
  ['a missing key', undefined, 'SECRET_KEY is not set.'],
  ['the default key', DEFAULT_SECRET_KEY, 'SECRET_KEY is the default key, which is public.'],
  ['a short key', 'short', 'SECRET_KEY is too short: it has 5 characters, and at least 32 are required.'],
  [
    'a key from documentation',
    'change-me-to-a-long-random-string-please',
    'SECRET_KEY is or contains a key from documentation, which is public.',
  ],
  ['few characters', 'k'.repeat(64), 'SECRET_KEY is easy to guess: it has too few different characters.'],
  [
    'a sequence',
    'abcdefghijklmnopqrstuvwxyz0123456789',
    'SECRET_KEY is easy to guess: its characters follow a pattern.',
  ],
  ['a repeated word', 'Zq8-rT2_vL5.xW9+'.repeat(3), 'SECRET_KEY is easy to guess: it repeats a word.'],
])('gives the reason for rejecting %s, in addition to the specified text', (_what, key, reason) => {
  expect(refusalOf(key)).toEqual([SECRET_KEY_REFUSAL, reason]);
});

test.each([
  ['production', '$(openssl rand -hex 32)'],
  ['production', '"$(openssl rand -hex 32)"'],
  ['production', '$(head -c 48 /dev/urandom | base64 --wrap=0)'],
  ['production', '`head -c 48 /dev/urandom | base64 --wrap=0`'],
  ['production', '${SECRET_KEY_FROM_SOMEWHERE_ELSE_X9}'],
  ['development', '$(head -c 48 /dev/urandom | base64 --wrap=0)'],
] as const)('%s rejects the shell expression %s with a hint', (environment, key) => {
  const [refusal, reason] = refusalOf(key, environment);
  expect(refusal).toBe(SECRET_KEY_REFUSAL);
  expect(reason).toMatch(/^SECRET_KEY is a shell expression that was not evaluated, .* Run: openssl rand -hex 32\. /);
});

test('no reason contains the key', () => {
  for (const key of [
    'hunter2',
    'hunter2-change-me-to-a-long-random-string',
    '$(hunter2)',
    'hunter2hunter2'.repeat(4),
  ]) {
    expect(refusalOf(key).join()).not.toContain('hunter2');
  }
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

test('development rejects a short key with the specified text and its length', () => {
  expect(refusalOf('k'.repeat(31), 'development')).toEqual([
    SECRET_KEY_REFUSAL,
    'SECRET_KEY is too short: it has 31 characters, and at least 32 are required.',
  ]);
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
  expect(refusalOf(key)[1]).toContain('a key from documentation');
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
  expect(refusalOf(key)[1]).toContain('is easy to guess');
});

test.each(['hex', 'base64url'] as const)('production accepts a random key in %s', (encoding) => {
  for (let n = 0; n < 2000; n += 1) {
    const key = randomBytes(encoding === 'hex' ? 16 : 24).toString(encoding);
    expect(checkSecretKey(key, 'production'), key).toEqual({ key });
  }
});
