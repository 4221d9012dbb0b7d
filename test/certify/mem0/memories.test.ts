import { MemoryNotFoundError } from 'mem0ai';
import { expect, test } from 'vitest';
import { setUp } from '../support/set-up.ts';
import { useFakes } from '../support/use-fakes.ts';
import { mem0Of, remember, someUser } from './client.ts';

const fakes = await useFakes();
const mem0 = mem0Of(fakes);

test('ping returns the owner of the key', async () => {
  const client = mem0Of(fakes, 'm0-ping');
  await client.ping();
  expect(client.telemetryId).toMatch(/@/);
});

test('an addition is pending, then runs, and then succeeds', async () => {
  await setUp(fakes, 'mem0', { eventMs: 400 });
  const { answer, states } = await remember(fakes, mem0, someUser(), 'I like tea');
  expect(answer).toMatchObject({ eventId: expect.stringMatching(/^[0-9a-f-]{36}$/), status: 'PENDING' });
  expect(states).toEqual(['PENDING', 'RUNNING', 'SUCCEEDED']);
});

test('a failed addition is not stored', async () => {
  await setUp(fakes, 'mem0', { failNextEvents: 1 });
  const userId = someUser();
  const { states } = await remember(fakes, mem0, userId, 'I like tea');
  expect(states.at(-1)).toBe('FAILED');
  expect(await mem0.getAll({ filters: { user_id: userId } })).toMatchObject({ count: 0 });
});

test('add without inference returns the stored memories', async () => {
  const userId = someUser();
  const messages = [{ role: 'user' as const, content: 'I like tea' }];
  const answer: unknown = await mem0.add(messages, { userId, infer: false });
  expect(answer).toMatchObject({ results: [{ id: expect.any(String), memory: 'I like tea', event: 'ADD' }] });
});

test('finds the memories of a user, best match first, and none of other users', async () => {
  const userId = someUser();
  await remember(fakes, mem0, userId, 'I like green tea', 'My dog is called Rex');
  const { results } = await mem0.search('Which tea do I like?', { filters: { user_id: userId } });
  expect(results[0]).toMatchObject({
    id: expect.any(String),
    memory: 'I like green tea',
    score: expect.any(Number),
    userId,
    metadata: { fromTest: true },
    createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
  expect(await mem0.search('Which tea do I like?', { filters: { user_id: someUser() } })).toEqual({ results: [] });
});

test('search returns at most topK memories', async () => {
  const userId = someUser();
  await remember(fakes, mem0, userId, 'tea at noon', 'tea at night', 'tea at four');
  const { results } = await mem0.search('tea', { filters: { user_id: userId }, topK: 2 });
  expect(results).toHaveLength(2);
});

test('lists memories page by page', async () => {
  const userId = someUser();
  await remember(fakes, mem0, userId, 'one', 'two', 'three');
  const filters = { user_id: userId };
  const first = await mem0.getAll({ filters, page: 1, pageSize: 2 });
  expect(first).toMatchObject({ count: 3, next: expect.stringContaining('page=2'), previous: null });
  const second = await mem0.getAll({ filters, page: 2, pageSize: 2 });
  expect(second).toMatchObject({ count: 3, next: null, previous: expect.stringContaining('page') });
  const memories = [...first.results, ...second.results].map(({ memory }) => memory);
  expect(memories.sort()).toEqual(['one', 'three', 'two']);
});

test('a memory can be read, changed and followed through its history', async () => {
  const userId = someUser();
  await remember(fakes, mem0, userId, 'I like tea');
  const { id } = (await mem0.getAll({ filters: { user_id: userId } })).results[0] ?? expect.fail('nothing remembered');
  expect(await mem0.get(id)).toMatchObject({ id, memory: 'I like tea', userId });

  await mem0.update(id, { text: 'I like coffee' });
  expect(await mem0.get(id)).toMatchObject({ id, memory: 'I like coffee' });
  expect(await mem0.history(id)).toMatchObject([
    { memoryId: id, event: 'ADD', oldMemory: null, newMemory: 'I like tea' },
    { memoryId: id, event: 'UPDATE', oldMemory: 'I like tea', newMemory: 'I like coffee' },
  ]);
});

test('a deleted memory is not found', async () => {
  const userId = someUser();
  await remember(fakes, mem0, userId, 'I like tea');
  const { id } = (await mem0.getAll({ filters: { user_id: userId } })).results[0] ?? expect.fail('nothing remembered');
  expect(await mem0.delete(id)).toMatchObject({ message: expect.stringMatching(/\w/) });
  await expect(mem0.get(id)).rejects.toThrow(MemoryNotFoundError);
});

test('deleteAll deletes the memories of one user only', async () => {
  const [gone, kept] = [someUser(), someUser()];
  await remember(fakes, mem0, gone, 'one', 'two');
  await remember(fakes, mem0, kept, 'three');
  expect(await mem0.deleteAll({ userId: gone })).toMatchObject({ message: expect.stringMatching(/\w/) });
  expect(await mem0.getAll({ filters: { user_id: gone } })).toMatchObject({ count: 0, results: [] });
  expect(await mem0.getAll({ filters: { user_id: kept } })).toMatchObject({ count: 1 });
});
