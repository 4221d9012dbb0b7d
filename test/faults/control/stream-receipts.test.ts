import { expect, test } from 'vitest';
import { type FakeLab, startFakeLab, until } from '../../mocks/fake-lab.ts';

/** Event IDs continue after a reset, so these tests need new fakes. */
const startUnusedFakes = () => startFakeLab({});

/** Reads the receipt stream until the given number of receipts has arrived. */
async function readStream(lab: FakeLab, wanted: number, { query = '', lastEventId = '' } = {}) {
  const response = await lab.open(`/receipts/stream${query}`, {
    headers: lastEventId ? { 'last-event-id': lastEventId } : {},
  });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    if (text.split('\n\n').length > wanted) break;
  }
  return [...text.matchAll(/^id: (\d+)\nevent: receipt\ndata: (.*)$/gm)].map(([, id, data = '']) => ({
    id: Number(id),
    receipt: JSON.parse(data),
  }));
}

test('sends all finished receipts, and then each one when it is finished', async () => {
  await using lab = await startUnusedFakes();
  await lab.complete();
  const stream = readStream(lab, 3);
  await lab.inject('groq', { kind: 'status', status: 503, next: 1 });
  await lab.complete();
  await lab.ask('mem0', 'GET', '/v1/ping/');
  expect(await stream).toMatchObject([
    { id: 1, receipt: { seq: 1, upstream: 'groq', status: 200, outcome: 'answered' } },
    { id: 2, receipt: { seq: 2, upstream: 'groq', status: 503, faults: ['f1:status'] } },
    { id: 3, receipt: { seq: 3, upstream: 'mem0' } },
  ]);
});

test("a request that hangs doesn't delay the receipts of later requests", async () => {
  await using lab = await startUnusedFakes();
  await lab.inject('groq', { kind: 'hang', next: 1 });
  const hanging = lab.complete().catch(() => 'ended');
  await until(async () => (await lab.firstFault('groq')).disrupted === 1);
  await lab.complete();
  expect(await readStream(lab, 1)).toMatchObject([{ id: 1, receipt: { seq: 2 } }]);
  await lab.control('DELETE', '/faults');
  expect(await hanging).toBe('ended');
  expect(await readStream(lab, 1, { lastEventId: '1' })).toMatchObject([
    { id: 2, receipt: { seq: 1, outcome: 'hung' } },
  ]);
});

test('resumes after a receipt, filters by upstream, and survives a reset', async () => {
  await using lab = await startUnusedFakes();
  for (let i = 0; i < 3; i++) await lab.complete();
  await lab.ask('mem0', 'GET', '/v1/ping/');
  await lab.receipts('mem0');
  expect(await readStream(lab, 1, { query: '?after=2&upstream=groq' })).toMatchObject([{ id: 3 }]);
  expect(await readStream(lab, 1, { query: '?upstream=mem0' })).toMatchObject([{ id: 4 }]);
  const stream = readStream(lab, 1, { query: '?after=4' });
  await lab.control('POST', '/reset');
  await lab.complete();
  expect(await stream).toMatchObject([{ id: 5, receipt: { seq: 1 } }]);
});
