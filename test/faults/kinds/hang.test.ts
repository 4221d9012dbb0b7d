import { expect, test } from 'vitest';
import { codeOf, startFakeLab, until } from '../../mocks/fake-lab.ts';

test("doesn't respond until the client gives up, and its receipt stays open meanwhile", async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'hang', next: 1 });
  const abort = new AbortController();
  const call = lab.complete({ signal: abort.signal }).catch(() => 'aborted');
  await until(async () => (await lab.control('GET', '/receipts/count?upstream=groq')).body.open === 1);
  const { body } = await lab.control('GET', '/receipts?upstream=groq');
  expect(body.receipts).toMatchObject([{ outcome: 'open', endedAt: null, faults: ['f1:hang'] }]);
  abort.abort();
  expect(await call).toBe('aborted');
  expect(await lab.receipts()).toMatchObject([{ faults: ['f1:hang'], status: null, outcome: 'client-gone' }]);
  expect((await lab.complete()).status).toBe(200);
});

test('closes the connection without sending anything when it is healed', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'hang', next: 1 });
  const code = codeOf(lab.complete());
  await until(async () => (await lab.firstFault('groq'))?.state === 'spent');
  await lab.control('DELETE', '/upstreams/groq/faults');
  expect(await code).toBe('UND_ERR_SOCKET');
  expect(await lab.receipts()).toMatchObject([{ status: null, outcome: 'hung' }]);
});
