import { expect, test } from 'vitest';
import { mutantIn } from '../fake-wire.ts';

const REFUSED = { status: 429, headers: { 'Retry-After': '2' } };
const LIMITED = {
  headers: {
    RateLimit: 'limit=20, remaining=5, reset=2',
    'RateLimit-Policy': '20;w=2',
    'X-RateLimit-Remaining': '5',
  },
};

test.for([
  ['retry-after-too-short', REFUSED, { 'Retry-After': '1' }],
  ['retry-after-too-long', REFUSED, { 'Retry-After': '4' }],
  ['retry-after-absent', REFUSED, {}],
  ['retry-after-absurd', REFUSED, { 'Retry-After': '86400' }],
  ['limit-off-by-1', LIMITED, { ...LIMITED.headers, RateLimit: 'limit=21, remaining=5, reset=2' }],
  [
    'remaining-off-by-1',
    LIMITED,
    { ...LIMITED.headers, RateLimit: 'limit=20, remaining=6, reset=2', 'X-RateLimit-Remaining': '6' },
  ],
  ['reset-off-by-2', LIMITED, { ...LIMITED.headers, RateLimit: 'limit=20, remaining=5, reset=4' }],
  ['secret-in-a-header', {}, { 'X-Debug': 's3cr3t-k3y' }],
] as const)('%s changes headers', async ([name, told, headers]) => {
  const answer = await mutantIn(name).see(told);
  expect(Object.fromEntries(answer.headers)).toEqual(headers);
});

test('the rate-limit headers are wrong only if they are promised, and Retry-After is one of them', async () => {
  const told = { status: 429, headers: { 'X-RateLimit-Limit': '20', 'Retry-After': '1' } };
  const seen = async (name: string, limiter: object) =>
    Object.fromEntries((await mutantIn(name, { limiter }).see(told)).headers);
  const promised = { headers: [], retryAfter: true };
  expect(await seen('limit-off-by-1', promised)).toEqual(told.headers);
  expect(await seen('reset-off-by-2', promised)).toEqual({ ...told.headers, 'Retry-After': '3' });
  expect(await seen('reset-off-by-2', { headers: [], retryAfter: false })).toEqual(told.headers);
});
