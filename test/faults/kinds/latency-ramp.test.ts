import { expect, test } from 'vitest';
import { latencyRamp } from '../../../faults/kinds/latency-ramp.ts';
import { startFakeLab } from '../../mocks/fake-lab.ts';
import { heldFor } from '../../mocks/held-for.ts';

test.each([
  [0, 20],
  [75, 65],
  [150, 110],
  [300, 200],
  [5000, 200],
])('%d ms after the start of a ramp of 300 ms, the delay is %d ms', async (active, wanted) => {
  const ramp = latencyRamp.create({ fromMilliseconds: 20, toMilliseconds: 200, overMilliseconds: 300 });
  expect(await heldFor(ramp, active)).toBeCloseTo(wanted, 3);
});

test('a response is delayed by at least that time', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'latency-ramp', toMilliseconds: 100, overMilliseconds: 1 });
  const started = performance.now();
  // The request takes longer than a millisecond to arrive.
  await lab.complete();
  expect((await lab.complete()).status).toBe(200);
  expect(performance.now() - started).toBeGreaterThanOrEqual(100);
  expect(await lab.receipts()).toMatchObject(Array(2).fill({ faults: ['f1:latency-ramp'], outcome: 'answered' }));
});
