import { expect, test } from 'vitest';
import { startFakeLab, until } from '../../mocks/fake-lab.ts';

test('responds with 200 and a complete body that is not JSON', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'malformed-json', next: 1 });
  const answer = await lab.complete();
  expect(answer.status).toBe(200);
  expect(answer.headers['content-type']).toBe('application/json');
  expect(answer.headers['content-length']).toBe(String(Buffer.byteLength(answer.text)));
  expect(() => JSON.parse(answer.text)).toThrow(SyntaxError);
  expect(await lab.receipts()).toMatchObject([{ faults: ['f1:malformed-json'], status: 200, outcome: 'answered' }]);
});

test('the upstream has done the work', async () => {
  await using lab = await startFakeLab();
  await lab.inject('mem0', { kind: 'malformed-json', next: 1 });
  await lab.ask('mem0', 'POST', '/v3/memories/add/', {
    user_id: 'u',
    messages: [{ role: 'user', content: 'I like tea' }],
  });
  const search = { query: 'tea', filters: { user_id: 'u' } };
  await until(async () => (await lab.ask('mem0', 'POST', '/v3/memories/search/', search)).text.includes('I like tea'));
});

test('keeps the status of a success', async () => {
  await using lab = await startFakeLab();
  await lab.inject('mem0', { kind: 'malformed-json', next: 2 });
  const add = (body: object) => lab.ask('mem0', 'POST', '/v3/memories/add/', body);
  const added = await add({ user_id: 'u', messages: [{ role: 'user', content: 'I like tea' }] });
  const [receipt] = await lab.receipts('mem0');
  expect(receipt).toMatchObject({ status: added.status, body: expect.stringMatching(/^[\da-f]{12}$/) });
});
