import { expect, test } from 'vitest';
import { latency } from '../../../faults/kinds/latency.ts';
import type { RequestReceipt } from '../../../faults/receipts/receipt.ts';
import { startFakeLab, until } from '../../mocks/fake-lab.ts';
import { heldFor } from '../../mocks/held-for.ts';

test('responds normally after the delay', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'latency', milliseconds: 150, next: 1 });
  const started = performance.now();
  const answer = await lab.complete();
  expect(performance.now() - started).toBeGreaterThanOrEqual(150);
  expect(answer.status).toBe(200);

  const [receipt] = (await lab.receipts()) as RequestReceipt[];
  expect(receipt).toMatchObject({ faults: ['f1:latency'], status: 200, outcome: 'answered' });
  expect((receipt?.endedAt ?? 0) - (receipt?.at ?? 0)).toBeGreaterThanOrEqual(150);
});

test('waiting requests continue when it is healed', async () => {
  await using lab = await startFakeLab();
  const id = await lab.inject('groq', { kind: 'latency', milliseconds: 600_000 });
  const answer = lab.complete();
  await until(async () => (await lab.firstFault('groq')).disrupted === 1);
  await lab.control('DELETE', `/upstreams/groq/faults/${id}`);
  expect((await answer).status).toBe(200);
});

test("records a client that doesn't wait", async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'latency', milliseconds: 600_000 });
  const client = new AbortController();
  const call = expect(lab.complete({ signal: client.signal })).rejects.toThrow();
  await until(async () => (await lab.control('GET', '/receipts/count?upstream=groq')).body.open === 1);
  client.abort();
  await call;
  expect(await lab.receipts()).toMatchObject([{ status: null, outcome: 'client-gone', endedAt: expect.any(Number) }]);
});

test('jitter is positive or negative, and the same for the same seed', async () => {
  const waits = async (seed: string) => {
    const jittered = latency.create({ milliseconds: 100, jitterMilliseconds: 30, seed });
    const held: number[] = [];
    for (let i = 0; i < 50; i++) held.push(await heldFor(jittered));
    return held;
  };
  const first = await waits('x');
  expect(Math.min(...first)).toBeGreaterThanOrEqual(70);
  expect(Math.min(...first)).toBeLessThan(80);
  expect(Math.max(...first)).toBeGreaterThan(120);
  expect(Math.max(...first)).toBeLessThanOrEqual(130);
  expect(await waits('x')).toEqual(first);
  expect(await waits('y')).not.toEqual(first);
});
