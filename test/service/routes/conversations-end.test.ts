import { expect, test, vi } from 'vitest';
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { CONVERSATION, refusal, startApp } from '../support/test-app.ts';

/** An upstream that notes its turn, and answers. */
const noted =
  <T>(order: string[], name: string, answer: T) =>
  async (..._asked: unknown[]) => {
    order.push(name);
    return answer;
  };

const PATH = '/v1/conversations/end';

test('analyses, then extracts memories, then stores, and answers 201 with the event', async () => {
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
    analysis: 'Ada likes to swim.',
    memory_event_id: 'm-1',
    created_at: '2026-01-01T00:00:00.000Z',
  });
  expect(order).toEqual(['llm', 'memory']);
  expect(app.database.statements).toEqual([expect.stringContaining('INSERT INTO conversation_events')]);
});

test('the LLM failing, calls nothing else and stores nothing', async () => {
  const llm = { invoke: () => Promise.reject(new UpstreamError('llm', 'it answered 500')) };
  const memory = { extract: vi.fn(), search: vi.fn() };
  await using app = await startApp({ llm, memory });
  expect(await refusal(await app.post(PATH, CONVERSATION))).toMatchObject({ status: 502, code: 'llm_unavailable' });
  expect(memory.extract).not.toHaveBeenCalled();
  expect(app.database.statements).toEqual([]);
});

test('the memory API failing, stores nothing', async () => {
  const extract = () => Promise.reject(new UpstreamError('memory', 'it answered 500'));
  await using app = await startApp({ memory: { extract, search: vi.fn() } });
  expect(await refusal(await app.post(PATH, CONVERSATION))).toMatchObject({ status: 502, code: 'memory_unavailable' });
  expect(app.database.statements).toEqual([]);
});

test('after five failures of the LLM, answers 503 without calling it', async () => {
  const llm = { invoke: vi.fn(() => Promise.reject(new UpstreamError('llm', 'it answered 500'))) };
  await using app = await startApp({ llm });
  for (let n = 0; n < 5; n += 1) expect((await app.post(PATH, CONVERSATION)).status).toBe(502);
  const { status, code, retryAfter } = await refusal(await app.post(PATH, CONVERSATION));
  expect([status, code]).toEqual([503, 'llm_circuit_open']);
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
])('refuses %s with 400, and calls nobody', async (_what, body) => {
  const llm = { invoke: vi.fn() };
  await using app = await startApp({ llm });
  expect(await refusal(await app.post(PATH, body))).toMatchObject({ status: 400, code: 'invalid_request' });
  expect(llm.invoke).not.toHaveBeenCalled();
});

test('says which fields are wrong', async () => {
  await using app = await startApp();
  const response = await app.post(PATH, { ...CONVERSATION, user_id: '', messages: [{ role: 'user', content: 1 }] });
  const { error } = (await response.json()) as { error: { details: { field: string }[] } };
  expect(error.details.map(({ field }) => field)).toEqual(['user_id', 'messages.0.content']);
});

test('refuses JSON that cannot be read with 400', async () => {
  await using app = await startApp();
  expect(await refusal(await app.post(PATH, '{"user_id":'))).toMatchObject({ status: 400, code: 'invalid_request' });
});

test('refuses a body above 100 kB with 413', async () => {
  await using app = await startApp();
  const body = { ...CONVERSATION, messages: [{ role: 'user', content: 'x'.repeat(102_400) }] };
  expect(await refusal(await app.post(PATH, body))).toMatchObject({ status: 413, code: 'payload_too_large' });
});
