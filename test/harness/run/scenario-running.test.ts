import { expect, test } from 'vitest';
import { names, reference, skippedWithout } from './promises-everything.ts';

const HERE = { running: { url: 'http://127.0.0.1:8000' }, readyPath: '/health', readySeconds: 5 };
const NOT_STARTED = "the service isn't started by proofload";
const ELSEWHERE = { running: { url: 'https://staging.example.org' }, readyPath: '/health', readySeconds: 5 };

test('for a running service, skips scenarios that need its start, its database or its upstreams, with the reason', async () => {
  const skipped = await skippedWithout({ start: HERE });
  const held = names.filter((name) => !(name in skipped));
  const seen = ['header-truth', 'identity', 'limit-costs', 'rate-limits', 'smoke', 'window-boundary'];
  expect(held).toEqual(expect.arrayContaining(seen.map((name) => `stress/${name}`)));
  expect(skipped).toMatchObject({ 'stress/connection-ceiling': NOT_STARTED, 'chaos/llm-outage': NOT_STARTED });
  expect(new Set(Object.values(skipped))).toEqual(new Set([NOT_STARTED]));
});

test('a service on another machine that tells clients apart by their address is only called', async () => {
  const skipped = await skippedWithout({ start: ELSEWHERE, client: 'socket' });
  expect(skipped).not.toHaveProperty(['stress/smoke']);
  expect(skipped).toHaveProperty(['stress/identity']);
  expect(skipped['stress/rate-limits']).toBe('the service is on another machine: it sees all clients at one address');
});

test('limits of a service on another machine are judged if neither its clock nor the address matters', async () => {
  const client = { header: 'X-Tenant' };
  const skipped = await skippedWithout({ start: ELSEWHERE, client, limiter: { retryAfter: true } });
  const held = names.filter((name) => !(name in skipped));
  expect(held).toContain('stress/rate-limits');
  expect(held).not.toContain('stress/header-truth');
  const clock = await skippedWithout({ start: ELSEWHERE, client, limiter: { window: 'clock' } });
  expect(clock['stress/rate-limits']).toBe('the service is on another machine: its windows follow its own clock');
});

test('skips the fallbacks of a running service that has no limits to switch off', async () => {
  const skipped = await skippedWithout({
    start: HERE,
    profiles: { fast: { breakers: reference.profiles.fast.breakers } },
  });
  expect(Object.keys(skipped)).toContain('chaos/fallback');
});

test('a missing promise is the reason to skip a scenario of a running service', async () => {
  const skipped = await skippedWithout({ start: HERE, secret: undefined });
  expect(skipped['chaos/weak-secret']).toBe('the contract describes no secret');
});
