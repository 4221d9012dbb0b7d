import { expect, test, vi } from 'vitest';
import { refusal, startApp } from '../support/test-app.ts';

test('returns the events with one query and no upstream call', async () => {
  const llm = { invoke: vi.fn() };
  const memory = { extract: vi.fn(), search: vi.fn() };
  await using app = await startApp({ llm, memory });
  const response = await app.get('/v1/conversations/c-1');
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ conversation_id: 'c-1', events: [{ event_id: 'e-1' }] });
  expect(app.database.statements).toEqual([expect.stringContaining('FROM conversation_events')]);
  for (const call of [llm.invoke, memory.extract, memory.search]) expect(call).not.toHaveBeenCalled();
});

test('responds with 404 for an unknown conversation', async () => {
  await using app = await startApp();
  app.database.rows = [];
  expect(await refusal(await app.get('/v1/conversations/none'))).toMatchObject({ status: 404, code: 'not_found' });
});

test.each(['%00', 'x'.repeat(201)])('rejects the ID %j with 400', async (id) => {
  await using app = await startApp();
  expect(await refusal(await app.get(`/v1/conversations/${id}`))).toMatchObject({ status: 400 });
  expect(app.database.statements).toEqual([]);
});

test("responds with 404 for a path that can't be decoded", async () => {
  await using app = await startApp();
  expect(await refusal(await app.get('/v1/conversations/%ff'))).toMatchObject({ status: 404, code: 'not_found' });
});
