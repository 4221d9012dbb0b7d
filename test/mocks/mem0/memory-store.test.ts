import { expect, test } from 'vitest';
import { MemoryStore } from '../../../mocks/mem0/memory-store.ts';

const everything = { matches: () => true };
const addTo = (store: MemoryStore, memory: string, entityIds: object) =>
  store.add({ memory, entityIds, input: [], metadata: null, expiration_date: null }, 0);

test('above 10,000 entities, drops the one with the oldest addition', () => {
  const store = new MemoryStore(() => 0);
  const first = addTo(store, 'first', { user_id: 'first' });
  for (let user = 0; user < 9_999; user++) addTo(store, 'x', { user_id: `u${user}` });
  expect(store.get(first.id)).toBe(first);
  addTo(store, 'x', { user_id: 'one more' });
  expect(store.get(first.id)).toBeUndefined();
  expect(store.select(everything)).toHaveLength(10_000);
});

test('a memory stays as long as one of its entities has it', () => {
  const store = new MemoryStore(() => 0);
  const first = addTo(store, 'first', { user_id: 'ada', agent_id: 'helper' });
  for (let user = 0; user < 200; user++) addTo(store, 'x', { user_id: `u${user}`, agent_id: 'helper' });
  expect(store.select({ ...everything, entity: 'agent_id helper' })).toHaveLength(200);
  expect(store.select({ ...everything, entity: 'user_id ada' })).toEqual([first]);
  expect(store.get(first.id)).toBe(first);
  for (let more = 0; more < 200; more++) addTo(store, 'x', { user_id: 'ada' });
  expect(store.get(first.id)).toBeUndefined();
});

test('keeps the history of the last 1,000 deleted memories', () => {
  const store = new MemoryStore(() => 0);
  const deleted = Array.from({ length: 1001 }, (_, n) => addTo(store, 'x', { user_id: `u${n}` }));
  for (const memory of deleted) store.delete(memory);
  expect(deleted.filter(({ id }) => store.getWithHistory(id))).toHaveLength(1000);
  expect(store.getWithHistory(deleted[0]?.id ?? '')).toBeUndefined();
});

test('keeps the last 100 revisions of a memory', () => {
  const store = new MemoryStore(() => 0);
  const memory = addTo(store, 'v0', { user_id: 'ada' });
  for (let version = 1; version <= 150; version++) store.update(memory, { memory: `v${version}` });
  expect(memory.revisions).toHaveLength(100);
  expect(memory.revisions.at(-1)).toMatchObject({ event: 'UPDATE', old: 'v149', new: 'v150' });
});
