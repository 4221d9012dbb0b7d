import { expect, test } from 'vitest';
import { codeOf, startFakeLab } from '../../mocks/fake-lab.ts';

const SLOW = { kind: 'latency', milliseconds: 100 };
const FAILED = { kind: 'status', status: 503 };

test.each([
  ['latency and status', [SLOW, FAILED], ['f1:latency', 'f2:status']],
  ['status and latency', [FAILED, SLOW], ['f1:status', 'f2:latency']],
])('%s result in a slow failure', async (_name, faults, acted) => {
  await using lab = await startFakeLab();
  for (const fault of faults) await lab.inject('groq', fault);
  const started = performance.now();
  expect((await lab.complete()).status).toBe(503);
  expect(performance.now() - started).toBeGreaterThanOrEqual(100);
  expect(await lab.receipts()).toMatchObject([{ faults: acted, status: 503, outcome: 'answered' }]);
});

test('latencies add up', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', SLOW);
  await lab.inject('groq', SLOW);
  const started = performance.now();
  await lab.complete();
  expect(performance.now() - started).toBeGreaterThanOrEqual(200);
});

test('of two status faults, the later one wins', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'status', status: 500 });
  await lab.inject('groq', { kind: 'status', status: 502, next: 1 });
  expect((await lab.complete()).status).toBe(502);
  expect((await lab.complete()).status).toBe(500);
});

test('a cut applies to the error of a status fault, whichever was added first', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'cut', bytes: 5 });
  await lab.inject('groq', FAILED);
  expect(await codeOf(lab.complete())).toBe('UND_ERR_SOCKET');
  expect(await lab.receipts()).toMatchObject([{ faults: ['f1:cut', 'f2:status'], status: 503, outcome: 'cut' }]);
});

test('a reset comes after the latency that was added before it', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', SLOW);
  await lab.inject('groq', { kind: 'reset' });
  const started = performance.now();
  expect(await codeOf(lab.complete())).toBe('ECONNRESET');
  expect(performance.now() - started).toBeGreaterThanOrEqual(100);
});
