import { expect, test } from 'vitest';
import { type FakeLab, startFakeLab, type UpstreamName } from './fake-lab.ts';

/** Sends a number of requests to an upstream, some of them concurrently. Returns the number of 503 responses. */
async function countFailures(lab: FakeLab, upstream: UpstreamName, requests: number, atOnce: number): Promise<number> {
  const path = upstream === 'groq' ? '/openai/v1/models' : '/v1/events/';
  let [sent, failures] = [0, 0];
  const worker = async () => {
    while (sent++ < requests) if ((await lab.ask(upstream, 'GET', path)).status === 503) failures++;
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return failures;
}

const rate = (share: number) => ({ kind: 'status', status: 503, rate: share });

test.each([1, 50])('a rate of 0.3 over 1000 requests, %d at once, fails exactly 300', async (n) => {
  await using lab = await startFakeLab();
  await lab.inject('groq', rate(0.3));
  expect(await countFailures(lab, 'groq', 1000, n)).toBe(300);
  expect(await lab.firstFault('groq')).toMatchObject({ seen: 1000, excluded: 0, disrupted: 300 });
  const statuses = (await lab.receipts()).map((receipt) => 'status' in receipt && receipt.status);
  expect([503, 200].map((status) => statuses.filter((answered) => answered === status).length)).toEqual([300, 700]);
});

test('each upstream has its own rate, even if their requests are interleaved', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', rate(0.3));
  await lab.inject('mem0', rate(0.7));
  const counts = [countFailures(lab, 'groq', 500, 25), countFailures(lab, 'mem0', 500, 25)];
  expect(await Promise.all(counts)).toEqual([150, 350]);
});

test('a rate that changes halfway is exact in each half', async () => {
  await using lab = await startFakeLab();
  const id = await lab.inject('groq', rate(0.3));
  expect(await countFailures(lab, 'groq', 500, 50)).toBe(150);
  await lab.control('PATCH', `/upstreams/groq/faults/${id}`, { rate: 0.5 });
  expect(await countFailures(lab, 'groq', 500, 50)).toBe(250);
  expect(await lab.firstFault('groq')).toMatchObject({ seen: 1000, disrupted: 400 });
});
