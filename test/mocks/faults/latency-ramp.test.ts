import { expect, test } from 'vitest';
import { startFakeLab } from '../fake-lab.ts';

test('the latency grows with the time, up to where it stays', async () => {
  await using lab = await startFakeLab();
  await lab.complete();
  await lab.inject('groq', { kind: 'latency-ramp', fromMilliseconds: 0, toMilliseconds: 200, overMilliseconds: 300 });
  const took = async () => {
    const started = performance.now();
    await lab.complete();
    return performance.now() - started;
  };
  expect(await took()).toBeLessThan(150);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await took()).toBeGreaterThanOrEqual(200);
  expect(await took()).toBeGreaterThanOrEqual(200);
  expect(await lab.receipts()).toMatchObject([{}, ...Array(3).fill({ faults: ['f1:latency-ramp'] })]);
});
