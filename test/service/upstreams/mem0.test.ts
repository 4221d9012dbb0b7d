import { expect, test } from 'vitest';
import { createJsonClient } from '../../../service/upstreams/json-client.ts';
import { createMem0Client, type MemoryClient } from '../../../service/upstreams/mem0.ts';
import { requestBudget } from '../support/budget.ts';
import { clientOptions } from '../support/upstream-client.ts';
import { json, startUpstream } from '../support/upstream-server.ts';

const MESSAGES = [{ role: 'user', content: 'hello' }] as const;

async function ask<T>(answer: unknown, call: (memory: MemoryClient) => Promise<T>) {
  await using upstream = await startUpstream(json(200, answer));
  await using client = clientOptions(upstream.url, { upstream: 'memory', authorization: 'Token m0' });
  const result = await call(createMem0Client(createJsonClient(client.options)));
  return { result, seen: upstream.seen };
}

const extract = (memory: MemoryClient) =>
  memory.extract({ userId: 'ada', conversationId: 'c-1', messages: MESSAGES }, requestBudget());
const search = (memory: MemoryClient) => memory.search('ada', 'interests', requestBudget());

test('starts an extraction, and returns its ID', async () => {
  const { result, seen } = await ask({ event_id: 'm-1', status: 'PENDING' }, extract);
  expect(result).toBe('m-1');
  expect(seen).toEqual([
    {
      path: '/v3/memories/add/',
      authorization: 'Token m0',
      body: { user_id: 'ada', messages: MESSAGES, metadata: { conversation_id: 'c-1' } },
    },
  ]);
});

test('searches the memories of the user with a filter', async () => {
  const { result, seen } = await ask({ results: [{ id: '1', memory: 'likes water', score: 0.5 }] }, search);
  expect(result).toEqual(['likes water']);
  expect(seen[0]).toMatchObject({
    path: '/v3/memories/search/',
    body: { query: 'interests', filters: { user_id: 'ada' } },
  });
});

test.each([
  ['an event without an id', { status: 'PENDING' }, extract],
  ['an event that has failed', { event_id: 'm-1', status: 'FAILED' }, extract],
  ['an error in a 200', { error: 'overloaded', event_id: 'm-1', status: 'PENDING' }, extract],
  ['an error beside results', { error: 'overloaded', results: [] }, search],
  ['the bare array of an older version', [], search],
  ['a memory without text', { results: [{ id: '1' }] }, search],
])('%s is a failure that counts', async (_what, answer, call: (memory: MemoryClient) => Promise<unknown>) => {
  await expect(ask(answer, call)).rejects.toMatchObject({ code: 'memory_unavailable', countsAsFailure: true });
});
