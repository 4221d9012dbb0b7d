import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contractSchema, numbersOf } from '../../../harness/contract/contract.ts';
import { type Lab, startLab } from '../../../harness/lab/lab.ts';
import { measureCallsAtOnce } from '../../../harness/run/calls-at-once.ts';

const PROGRAM = fileURLToPath(new URL('calls-at-once-service.ts', import.meta.url));

const contractOf = (workers: number, lock: number, delayMs: number, path = '/ask') =>
  contractSchema.parse({
    name: 'a server',
    start: { command: [process.execPath, PROGRAM], readyPath: '/health', readySeconds: 20 },
    upstreams: { llm: { kind: 'openai' } },
    environment: {
      PORT: '${port}',
      UPSTREAM: '${upstream.llm}',
      NODE_EXTRA_CA_CERTS: '${ca}',
      WORKERS: String(workers),
      LOCK: String(lock),
      DELAY: String(delayMs),
    },
    endpoints: { ask: { method: 'POST', path, served: [200], reaches: ['llm'] } },
    profiles: { fast: {} },
  });

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ postgres: 'auto', contract: contractOf(0, 0, 0), profile: 'fast' });
});
afterAll(() => lab[Symbol.asyncDispose]());

const measured = (workers: number, lock = 0, delayMs = 0) => {
  const contract = contractOf(workers, lock, delayMs);
  return measureCallsAtOnce({ contract, numbers: numbersOf(contract, 'fast'), lab, seed: workers });
};

test.each([1, 3, 8])('counts the calls that %d processes or threads work on at once', async (workers) => {
  expect(await measured(workers)).toBe(workers);
});

test('counts more calls than could begin one by one, each after an answer, while they are held', async () => {
  expect(await measured(24, 0, 100)).toBe(24);
});

test('finds no bound if there is none', async () => {
  expect(await measured(0)).toBeUndefined();
});

test('says so if no call arrives where it would be held', async () => {
  const contract = contractOf(0, 0, 0, '/health');
  const measuring = measureCallsAtOnce({ contract, numbers: numbersOf(contract, 'fast'), lab, seed: 1 });
  await expect(measuring).rejects.toThrow('no call to ask arrived where it would have been held');
});

test('calls that wait for a lock or a connection which others hold are no bound', async () => {
  expect(await measured(0, 2)).toBeUndefined();
});

test('counts calls that wait for a lock as being worked on', async () => {
  expect(await measured(6, 2)).toBe(6);
});
