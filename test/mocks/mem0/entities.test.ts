import { expect, test } from 'vitest';
import { addOne, ask, quickMem0, select } from './ask-mem0.ts';

test('lists the entities that have memories', async () => {
  const { mem0 } = quickMem0();
  await addOne(mem0, 'one', { agent_id: 'helper' });
  await addOne(mem0, 'two');
  const { body } = await ask(mem0, 'GET', '/v1/entities/?page=1&page_size=50');
  expect(body).toMatchObject({ count: 2, next: null, previous: null, total_users: 1, total_agents: 1, total_runs: 0 });
  expect(body.results).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ id: 'ada', name: 'ada', type: 'user', total_memories: 2, owner: expect.any(String) }),
      expect.objectContaining({ name: 'helper', type: 'agent', total_memories: 1 }),
    ]),
  );
});

test.each(['/v2/entities/user/ada%20l%2F1/', '/v1/entities/user/ada%20l%2F1/'])(
  'deletes an entity with DELETE %s',
  async (path) => {
    const { mem0 } = quickMem0();
    await addOne(mem0, 'one', { user_id: 'ada l/1' });
    await addOne(mem0, 'two', { user_id: 'bob' });
    expect((await ask(mem0, 'DELETE', path)).status).toBe(200);
    expect(await select(mem0, { user_id: '*' })).toEqual(['two']);
    expect((await ask(mem0, 'GET', '/v1/entities/')).body.count).toBe(1);
  },
);

test('there are four types of entities', async () => {
  const { mem0 } = quickMem0();
  const { status, body } = await ask(mem0, 'DELETE', '/v2/entities/team/red/');
  expect([status, body.details.message]).toEqual([400, 'Invalid entity type']);
});
