import { expect, test } from 'vitest';
import { readHeaders } from '../../../../harness/checkers/rate-limit/rate-limit-headers.ts';

const WINDOW = 60;
const inSeconds = (seconds: number) => ({ seconds, since: 'answer' });

test.each([
  [
    'draft-6',
    { 'ratelimit-limit': '100', 'ratelimit-remaining': '99', 'ratelimit-reset': '60', 'ratelimit-policy': '100;w=60' },
  ],
  ['draft-7', { ratelimit: 'limit=100, remaining=99, reset=60', 'ratelimit-policy': '100;w=60' }],
  ['draft-8', { ratelimit: '"m"; r=99; t=60', 'ratelimit-policy': '"m"; q=100; w=60; pk=:ZGI=:' }],
  ['draft-11', { ratelimit: '"m";r=99;t=60', 'ratelimit-policy': '"m";q=100;qu="requests";w=60;acme-burst=7' }],
] as const)('reads the fields of %s', (family, headers) => {
  const expected = { limit: 100, remaining: 99, reset: inSeconds(60), windowSeconds: 60 };
  expect(readHeaders(family, headers, WINDOW)).toEqual(expected);
});

test('reads the limit of the older drafts with the policies that follow it', () => {
  expect(readHeaders('draft-6', { 'ratelimit-limit': '10, 10;w=1, 1000;w=3600' }, 1)).toMatchObject({ limit: 10 });
});

test('reads X-RateLimit-Reset as seconds, or as a time if the wait would be too long', () => {
  const read = (reset: string) => readHeaders('x-ratelimit', { 'x-ratelimit-reset': reset }, WINDOW)?.reset;
  expect(read('59.5')).toEqual(inSeconds(59.5));
  expect(read('1764000000')).toEqual({ seconds: 1_764_000_000, since: 'epoch' });
});

test('reads Retry-After as seconds or as a date', () => {
  const read = (text: string) => readHeaders('Retry-After', { 'retry-after': text }, WINDOW);
  expect(read('2')).toEqual({ reset: inSeconds(2) });
  const date = 'Mon, 24 Nov 2025 16:00:00 GMT';
  expect(read(date)).toEqual({ reset: { seconds: Date.parse(date) / 1_000, since: 'epoch' } });
  expect(() => read('1.5s')).toThrow('1.5s');
});

test('out of several policies, reads the one with this window', () => {
  const headers = { ratelimit: '"s";r=1;t=1, "m";r=50', 'ratelimit-policy': '"s";q=2;w=1, "m";q=100;w=60' };
  const expected = { limit: 100, remaining: 50, reset: undefined, windowSeconds: 60 };
  expect(readHeaders('draft-8', headers, WINDOW)).toEqual(expected);
  expect(readHeaders('draft-8', headers, 7)).toBeUndefined();
  expect(readHeaders('draft-6', { 'ratelimit-policy': '2;w=1, 100;w=60' }, 1)).toMatchObject({ windowSeconds: 1 });
});

test('ignores policies that count something other than requests', () => {
  const policy = '"b";q=9000;qu="content-bytes";w=60, "c";q=5;qu="concurrent-requests", "m";q=100;w=60';
  const headers = { ratelimit: '"b";r=1;t=1, "m";r=50', 'ratelimit-policy': policy };
  const expected = { limit: 100, remaining: 50, reset: undefined, windowSeconds: 60 };
  expect(readHeaders('draft-11', headers, WINDOW)).toEqual(expected);
  expect(readHeaders('draft-8', headers, WINDOW)).toEqual(expected);
});

test('rounds up a window that is not a whole number of seconds', () => {
  expect(readHeaders('draft-7', { 'ratelimit-policy': '2;w=3, 9;w=4' }, 2.5)).toMatchObject({ windowSeconds: 3 });
});

test.each(['Retry-After', 'draft-6', 'draft-7', 'draft-8', 'draft-11', 'x-ratelimit'] as const)(
  'finds no %s where none is',
  (family) => {
    expect(readHeaders(family, { 'content-type': 'text/html' }, WINDOW)).toBeUndefined();
  },
);

test.each([
  ['draft-6', { 'ratelimit-remaining': 'many' }],
  ['draft-6', { 'ratelimit-reset': '1.5' }],
  ['draft-6', { 'ratelimit-remaining': '-1' }],
  ['draft-7', { ratelimit: 'limit=ten' }],
  ['draft-7', { ratelimit: '100' }],
  ['draft-8', { ratelimit: '"m";r=x', 'ratelimit-policy': '"m";q=1;w=60' }],
  ['draft-8', { ratelimit: 'r=1, t', 'ratelimit-policy': '"m";q=1.5;w=60' }],
  ['draft-11', { ratelimit: 'm;r=1', 'ratelimit-policy': '"m";q=1;w=60' }],
  ['draft-11', { ratelimit: '"m";t=1', 'ratelimit-policy': '"m";q=1;w=60' }],
  ['draft-11', { ratelimit: '"m";r=1', 'ratelimit-policy': '"m";w=60' }],
  ['draft-11', { ratelimit: '"m";r=1', 'ratelimit-policy': 'm;q=1;w=60' }],
  ['draft-11', { ratelimit: '"m";r=1', 'ratelimit-policy': '"m";q=1;w=0' }],
  ['x-ratelimit', { 'x-ratelimit-limit': '10 per minute' }],
] as const)('refuses of %s what it does not allow: %j', (family, headers) => {
  expect(() => readHeaders(family, headers, WINDOW)).toThrow();
});
