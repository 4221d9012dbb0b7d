import { expect, test, vi } from 'vitest';
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { noted, refusal, startApp, testDependencies } from '../support/test-app.ts';

const PATH = '/v1/activities/suggest';

test('reads events, then memories, and then calls the LLM with both', async () => {
  const order: string[] = [];
  const llm = { invoke: vi.fn(noted(order, 'llm', '- Swim\n- Walk')) };
  const memory = { extract: vi.fn(), search: vi.fn(noted(order, 'memory', ['likes water'])) };
  await using app = await startApp({ llm, memory });
  const response = await app.post(PATH, { user_id: 'ada' });
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({
    user_id: 'ada',
    suggestions: ['Swim', 'Walk'],
    based_on: { events: 1, memories: 1 },
  });
  expect(order).toEqual(['memory', 'llm']);
  expect(app.database.statements).toEqual([expect.stringContaining('FROM conversation_events')]);
  expect(JSON.stringify(llm.invoke.mock.calls)).toMatch(/Ada likes to swim\..*likes water/);
});

test("doesn't call the LLM if the memory API fails", async () => {
  const llm = { invoke: vi.fn() };
  const search = () => Promise.reject(new UpstreamError('memory', 'it answered 500'));
  await using app = await startApp({ llm, memory: { extract: vi.fn(), search } });
  const response = await app.post(PATH, { user_id: 'ada' });
  expect(await refusal(response)).toMatchObject({ status: 502, code: 'memory_unavailable' });
  expect(llm.invoke).not.toHaveBeenCalled();
});

test('the log names the call that opened the breaker of the memory API', async () => {
  const search = () => Promise.reject(new UpstreamError('memory', 'it answered 500'));
  const parts = testDependencies({ memory: { extract: vi.fn(), search } });
  await using app = await startApp(parts);
  for (let n = 0; n < 5; n += 1) await app.post(PATH, { user_id: 'ada' });
  const opened = parts.log.filter(({ state }) => state === 'open').map(({ msg }) => msg);
  expect(opened).toEqual([
    '⚠️ Circuit breaker opened for extract_memories_from_api after 5 failures (failed: search_memories_from_api)',
  ]);
});

test('reads nothing while the breaker of the memory API is open', async () => {
  const parts = testDependencies();
  const down = () => Promise.reject(new UpstreamError('memory', 'it answered 500'));
  for (let n = 0; n < 5; n += 1) await parts.breakers.memory.call(down).catch(() => {});
  await using app = await startApp(parts);
  expect(await refusal(await app.post(PATH, { user_id: 'ada' }))).toMatchObject({
    status: 503,
    code: 'memory_circuit_open',
  });
  expect(app.database.statements).toEqual([]);
});
