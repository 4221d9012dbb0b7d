import { expect, test } from 'vitest';
import { addOne, ask, find, quickMem0, select } from './ask-mem0.ts';

/** Three memories, a day apart: ada's `tea` in run r1, ada's `dog`, and bob's `sea` in run r1. */
async function threeMemories() {
  const { mem0, clock } = quickMem0();
  const tea = await addOne(mem0, 'Likes Tea', { run_id: 'r1', metadata: { kind: 'drink', rank: 1 } });
  clock.now += 86_400_000;
  await addOne(mem0, 'has a dog', { metadata: { kind: 'pet' } });
  clock.now += 86_400_000;
  await addOne(mem0, 'loves the sea', { user_id: 'bob', run_id: 'r1' });
  return { mem0, tea };
}

const [TEA, DOG, SEA] = ['Likes Tea', 'has a dog', 'loves the sea'];

test.each([
  [{ user_id: 'ada' }, [TEA, DOG]],
  [{ user_id: 'ada', run_id: 'r1' }, [TEA]],
  [{ AND: [{ user_id: 'ada' }, { run_id: 'r1' }] }, [TEA]],
  [{ OR: [{ user_id: 'bob' }, { run_id: 'r1' }] }, [TEA, SEA]],
  [{ user_id: 'ada', NOT: { run_id: 'r1' } }, [DOG]],
  [{ AND: [{ user_id: '*' }, { NOT: [{ user_id: 'bob' }, { metadata: { kind: 'pet' } }] }] }, [TEA]],
  [{ AND: [{ OR: [{ user_id: 'ada' }, { user_id: 'bob' }] }, { run_id: 'r1' }] }, [TEA, SEA]],
  [{ user_id: { in: ['bob', 'eve'] } }, [SEA]],
  [{ user_id: { ne: 'ada' } }, [SEA]],
  [{ user_id: { eq: 'bob' } }, [SEA]],
  [{ user_id: '*', run_id: '*' }, [TEA, SEA]],
  [{ user_id: '*', created_at: { gte: '2026-01-02' } }, [DOG, SEA]],
  [{ user_id: '*', created_at: { gt: '2026-01-01T12:00:00Z', lt: '2026-01-03T12:00:00Z' } }, [DOG]],
  [{ user_id: '*', created_at: { lte: '2026-01-01T12:00:00Z' } }, [TEA]],
  [{ user_id: '*', metadata: { kind: 'drink' } }, [TEA]],
  [{ user_id: '*', metadata: { kind: { ne: 'drink' } } }, [DOG, SEA]],
  [{ user_id: '*', metadata: { kind: { contains: 'e' } } }, [DOG]],
  [{ user_id: '*', metadata: { rank: 1, kind: 'drink' } }, [TEA]],
  [{ user_id: '*', keywords: { contains: 'tea' } }, []],
  [{ user_id: '*', keywords: { icontains: 'tea' } }, [TEA]],
  [{ user_id: 'ada', categories: { in: ['food'] } }, []],
])('%j selects %j', async (filters, texts) => {
  const { mem0 } = await threeMemories();
  expect(await select(mem0, filters)).toEqual([...texts].sort());
});

test('selects by memory IDs', async () => {
  const { mem0, tea } = await threeMemories();
  expect(await select(mem0, { user_id: 'ada', memory_ids: [tea] })).toEqual([TEA]);
  expect(await select(mem0, { user_id: 'ada', memory_ids: { in: [tea] } })).toEqual([TEA]);
});

test('a search applies the same filters', async () => {
  const { mem0 } = await threeMemories();
  expect(await find(mem0, 'tea', { filters: { AND: [{ user_id: '*' }, { run_id: 'r1' }] } })).toEqual([TEA, SEA]);
});

test.each([
  [{}, 'At least one entity id'],
  [{ AND: [{ created_at: { gte: '2026-01-01' } }] }, 'At least one entity id'],
  [{ bogus: 1 }, 'Top-level key must be a logical operator or an allowed field'],
  [{ user_id: 'ada', bogus: 1 }, 'Top-level key must be a logical operator or an allowed field'],
  [{ user_id: { nin: ['ada'] } }, "Unsupported operator 'nin' for 'user_id'; allowed: eq, ne, in"],
  [{ user_id: 'ada', created_at: { eq: '2026-01-01' } }, "Unsupported operator 'eq' for 'created_at'"],
  [{ user_id: 'ada', created_at: { gte: 'soon' } }, 'Invalid date: "soon"'],
  [{ user_id: 'ada', metadata: { rank: { gt: 0 } } }, "Unsupported operator 'gt' for 'metadata.rank'"],
  [{ user_id: { in: 'ada' } }, "'in' takes a list"],
  [{ user_id: 'ada', AND: [] }, "'AND' takes a list"],
  [[], "'filters' is required"],
])('rejects the filters %j with 400', async (filters, message) => {
  const { mem0 } = await threeMemories();
  for (const path of ['/v3/memories/', '/v3/memories/search/', '/v2/memories/', '/v2/memories/search/']) {
    expect(await ask(mem0, 'POST', path, { body: { query: 'x', filters } })).toEqual({
      status: 400,
      body: { error: '400 Bad Request', details: { message: expect.stringContaining(message) } },
    });
  }
});
