import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { measureEventLoop } from '../../../service/protections/load-shedding.ts';
import { REAL_TIME } from '../../support/real-time.ts';
import { CONVERSATION, refusal, startApp } from '../support/test-app.ts';

const load = (delayMs: number) => ({ delayMs, maxDelayMs: 250, close: () => {} });

test('rejects requests with 503 before the rate limit if the event loop delay is too long', async () => {
  await using app = await startApp({ load: load(250.1) });
  const refused = { status: 503, code: 'overloaded', retryAfter: 1 };
  expect(await refusal(await app.post('/v1/conversations/end', CONVERSATION))).toEqual(refused);
  expect(await refusal(await app.post('/v1/activities/suggest', { user_id: 'ada' }))).toEqual(refused);
  const read = await app.get('/v1/conversations/c-1');
  expect(read.headers.get('ratelimit')).toBeNull();
  expect(await refusal(read)).toEqual(refused);
  expect(await refusal(await app.get('/nowhere'))).toEqual(refused);
  expect(app.database.statements).toEqual([]);
});

test('/health and /metrics always respond, and rejections are counted', async () => {
  await using app = await startApp({ load: load(10_000) });
  await app.get('/nowhere');
  expect((await app.get('/health')).status).toBe(200);
  const metrics = await app.get('/metrics');
  expect(metrics.status).toBe(200);
  expect(await metrics.text()).toContain('refusals_total{reason="load_shed"} 1');
});

test('serves requests up to the maximum delay', async () => {
  await using app = await startApp({ load: load(250) });
  expect((await app.post('/v1/conversations/end', CONVERSATION)).status).toBe(201);
});

/** Blocks the event loop for the given time in every turn, until the condition holds. */
async function drown(turnMs: number, until: () => boolean): Promise<void> {
  const deadline = performance.now() + 4000;
  while (!until() && performance.now() < deadline) {
    const end = performance.now() + turnMs;
    while (performance.now() < end);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

test('a single long pause is no overload', REAL_TIME, async () => {
  const meter = measureEventLoop(250);
  // The pause comes early in a period, so that there are few other samples in it.
  await pause(270);
  const end = performance.now() + 1_500;
  while (performance.now() < end);
  for (let looks = 0; looks < 30; looks += 1) {
    await pause(20);
    expect(meter.delayMs).toBeLessThan(250);
  }
  meter.close();
});

test('detects an overloaded event loop and its recovery', REAL_TIME, async () => {
  const meter = measureEventLoop(50);
  await drown(150, () => meter.delayMs > 50);
  expect(meter.delayMs).toBeGreaterThan(50);
  await expect.poll(() => meter.delayMs).toBeLessThan(50);
  meter.close();
});
