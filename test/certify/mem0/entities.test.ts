import { MemoryNotFoundError } from 'mem0ai';
import { expect, test } from 'vitest';
import { useFakes } from '../support/use-fakes.ts';
import { mem0Of, remember, someUser } from './client.ts';

const fakes = await useFakes();
const mem0 = mem0Of(fakes);

test('lists entities until their memories are deleted', async () => {
  const userId = someUser();
  await remember(fakes, mem0, userId, 'one', 'two');
  const named = async () => (await mem0.users()).results.filter(({ name }) => name === userId);
  expect(await named()).toMatchObject([{ type: 'user', totalMemories: 2 }]);
  await mem0.deleteUsers({ userId });
  expect(await named()).toEqual([]);
});

test('changes and deletes several memories at once', async () => {
  const userId = someUser();
  await remember(fakes, mem0, userId, 'one', 'two');
  const all = async () => (await mem0.getAll({ filters: { user_id: userId } })).results;
  const ids = (await all()).map(({ id }) => id);
  await mem0.batchUpdate(ids.map((memoryId) => ({ memoryId, text: `changed ${memoryId}` })));
  expect((await all()).map(({ memory }) => memory).sort()).toEqual(ids.map((id) => `changed ${id}`).sort());
  await mem0.batchDelete(ids);
  expect(await all()).toEqual([]);
});

test.each([
  ['feedback', () => mem0.feedback({ memoryId: 'x' })],
  ['project', () => mem0.getProject({ fields: ['custom_instructions'] })],
  ['webhooks', () => mem0.getWebhooks()],
  ['profiles', () => mem0.getProfile({ entityId: 'x' })],
  ['exports', () => mem0.createMemoryExport({ schema: {}, filters: {} })],
])('deleting missing %s is a MemoryNotFoundError', async (_what, call) => {
  await expect(call()).rejects.toThrow(MemoryNotFoundError);
});
