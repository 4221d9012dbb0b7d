import { expect, test, vi } from 'vitest';
import { databaseUnavailable } from '../../../service/storage/database-error.ts';
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { CONVERSATION, noted, refusal, startApp } from '../support/test-app.ts';

const PATH = '/v1/conversations/end';

test('stores the event, analyzes it, extracts memories, completes the event, and responds with 201', async () => {
  const order: string[] = [];
  const llm = { invoke: vi.fn(noted(order, 'llm', 'Ada likes to swim.')) };
  const memory = { extract: vi.fn(noted(order, 'memory', 'm-1')), search: vi.fn() };
  await using app = await startApp({ llm, memory });
  const response = await app.post(PATH, CONVERSATION);
  expect(response.status).toBe(201);
  expect(await response.json()).toEqual({
    event_id: 'e-1',
    conversation_id: 'c-1',
    user_id: 'ada',
    status: 'complete',
    analysis: 'Ada likes to swim.',
    memory_event_id: 'm-1',
    created_at: '2026-01-01T00:00:00.000Z',
  });
  expect(order).toEqual(['llm', 'memory']);
  expect(app.database.statements).toEqual([
    expect.stringContaining('INSERT INTO conversation_events'),
    expect.stringContaining('UPDATE conversation_events SET analysis = $2'),
  ]);
});

const PENDING = { event_id: 'e-1', status: 'pending' };

test('reports a pending event and makes no other call if the LLM fails', async () => {
  const llm = { invoke: () => Promise.reject(new UpstreamError('llm', 'it answered 500')) };
  const memory = { extract: vi.fn(), search: vi.fn() };
  await using app = await startApp({ llm, memory });
  const response = await app.post(PATH, CONVERSATION);
  expect(response.status).toBe(502);
  expect(await response.json()).toEqual({
    error: { code: 'llm_unavailable', message: expect.any(String) },
    event: PENDING,
  });
  expect(memory.extract).not.toHaveBeenCalled();
});

test('reports a pending event if the memory API fails', async () => {
  const extract = () => Promise.reject(new UpstreamError('memory', 'it answered 500'));
  await using app = await startApp({ memory: { extract, search: vi.fn() } });
  const response = await app.post(PATH, CONVERSATION);
  expect(response.status).toBe(502);
  expect(await response.json()).toMatchObject({ error: { code: 'memory_unavailable' }, event: PENDING });
});

test("promises nothing and calls no upstream if the event can't be stored", async () => {
  const llm = { invoke: vi.fn() };
  await using app = await startApp({ llm });
  app.database.failure = databaseUnavailable('ECONNREFUSED');
  const response = await app.post(PATH, CONVERSATION);
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await response.json()).toEqual({ error: { code: 'database_unavailable', message: expect.any(String) } });
  expect(llm.invoke).not.toHaveBeenCalled();
});

test('after five failures of the LLM, responds with 503 without calling it', async () => {
  const llm = { invoke: vi.fn(() => Promise.reject(new UpstreamError('llm', 'it answered 500'))) };
  await using app = await startApp({ llm });
  for (let n = 0; n < 5; n += 1) expect((await app.post(PATH, CONVERSATION)).status).toBe(502);
  const response = await app.post(PATH, CONVERSATION);
  const retryAfter = Number(response.headers.get('retry-after'));
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ error: { code: 'llm_circuit_open' }, event: PENDING });
  expect(retryAfter).toBeGreaterThan(55);
  expect(retryAfter).toBeLessThanOrEqual(60);
  expect(llm.invoke).toHaveBeenCalledTimes(5);
});

test.each([
  ['no body', ''],
  ['an array', []],
  ['no user', { ...CONVERSATION, user_id: undefined }],
  ['an empty user', { ...CONVERSATION, user_id: '' }],
  ['a user with NUL', { ...CONVERSATION, user_id: 'a\0' }],
  ['half a surrogate pair', { ...CONVERSATION, user_id: 'a\ud800' }],
  ['a numeric conversation', { ...CONVERSATION, conversation_id: 1 }],
  ['no messages', { ...CONVERSATION, messages: [] }],
  ['an unknown role', { ...CONVERSATION, messages: [{ role: 'tool', content: 'x' }] }],
  ['a message without content', { ...CONVERSATION, messages: [{ role: 'user' }] }],
])('rejects %s with 400, without upstream calls', async (_what, body) => {
  const llm = { invoke: vi.fn() };
  await using app = await startApp({ llm });
  expect(await refusal(await app.post(PATH, body))).toMatchObject({ status: 400, code: 'invalid_request' });
  expect(llm.invoke).not.toHaveBeenCalled();
});

test('lists the invalid fields', async () => {
  await using app = await startApp();
  const response = await app.post(PATH, { ...CONVERSATION, user_id: '', messages: [{ role: 'user', content: 1 }] });
  const { error } = (await response.json()) as { error: { details: { field: string }[] } };
  expect(error.details.map(({ field }) => field)).toEqual(['user_id', 'messages.0.content']);
});
