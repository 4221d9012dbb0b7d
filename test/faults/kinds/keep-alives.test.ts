import { expect, test } from 'vitest';
import { keepAlives } from '../../../faults/kinds/keep-alives.ts';
import { startFakeLab, until } from '../../mocks/fake-lab.ts';
import { RawClient } from '../../mocks/raw-client.ts';
import { circumstances } from './circumstances.ts';

test.each([
  ['comments in a stream', { stream: true }, ': keep-alive\n\n', /data: \[DONE\]$/],
  ['blank lines in another body', { stream: false }, '\n', /^\n+\{"id".*\}$/s],
])('sends %s until it is healed, and then the body', async (_, options, keepAlive, whole) => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'keep-alives', everyMilliseconds: 5 });
  using client = await RawClient.complete(lab, options);
  const received = () => client.received.split(keepAlive).length;
  await until(() => received() > 4);
  expect(client.received).not.toContain('"id"');
  expect(client.received).not.toMatch(/content-length/i);
  await lab.control('DELETE', '/faults');
  await until(() => whole.test(client.body.replaceAll('\r', '')));
  expect(await lab.receipts()).toMatchObject([{ faults: ['f1:keep-alives'], status: 200, outcome: 'answered' }]);
});

test('a response without a body stays as it is', () => {
  const response = new Response(null, { status: 204 });
  expect(keepAlives.create({ everyMilliseconds: 5 }).deliver?.(circumstances(), response)).toBe(response);
});

test('the status and the type of a response stay the same', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'keep-alives', everyMilliseconds: 5 });
  const answer = lab.ask('groq', 'GET', '/openai/v1/models/unknown');
  await until(async () => (await lab.control('GET', '/receipts/count?upstream=groq')).body.requests === 1);
  await lab.control('DELETE', '/faults');
  expect(await answer).toMatchObject({ status: 404, headers: { 'content-type': expect.stringMatching(/json/) } });
});
