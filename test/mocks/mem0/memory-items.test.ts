import { expect, test } from 'vitest';
import { add, addOne, ask, find, mem0AtRest, quickMem0 } from './ask-mem0.ts';

const NOBODY = '2c4d1f44-4f7b-4b2f-9f6e-7b5b4f5a1234';

test('returns, changes and deletes one memory', async () => {
  const { mem0, clock } = quickMem0();
  const id = await addOne(mem0, 'likes tea', { metadata: { a: 1 } });
  expect((await ask(mem0, 'GET', `/v1/memories/${id}/`)).body).toMatchObject({
    id,
    memory: 'likes tea',
    user_id: 'ada',
  });

  clock.now += 1000;
  const changed = {
    id,
    memory: 'likes coffee',
    metadata: { a: 1 },
    expiration_date: '2026-02-01',
    updated_at: '2026-01-01T12:00:01.000Z',
  };
  const changes = { text: 'likes coffee', expiration_date: '2026-02-01' };
  expect((await ask(mem0, 'PUT', `/v1/memories/${id}/`, { body: changes })).body).toMatchObject(changed);
  expect((await ask(mem0, 'GET', `/v1/memories/${id}/`)).body).toMatchObject(changed);
  expect(await find(mem0, 'coffee')).toEqual(['likes coffee']);

  expect(await ask(mem0, 'DELETE', `/v1/memories/${id}/`)).toEqual({
    status: 200,
    body: { message: 'Memory deleted successfully!' },
  });
  expect((await ask(mem0, 'GET', `/v1/memories/${id}/`)).status).toBe(404);
  expect(await find(mem0, 'coffee')).toEqual([]);
});

test('keeps the history of a deleted memory', async () => {
  const { mem0 } = quickMem0();
  const id = await addOne(mem0, 'likes tea');
  await ask(mem0, 'PUT', `/v1/memories/${id}/`, { body: { text: 'likes coffee' } });
  await ask(mem0, 'DELETE', `/v1/memories/${id}/`);
  const { body } = await ask(mem0, 'GET', `/v1/memories/${id}/history/`);
  expect(body).toMatchObject([
    { event: 'ADD', old_memory: null, new_memory: 'likes tea' },
    { event: 'UPDATE', old_memory: 'likes tea', new_memory: 'likes coffee' },
    { event: 'DELETE', old_memory: 'likes coffee', new_memory: null },
  ]);
  expect(body[0]).toMatchObject({ memory_id: id, user_id: 'ada', input: [{ role: 'user', content: 'likes tea' }] });
});

test.each([
  ['GET', '/'],
  ['PUT', '/'],
  ['DELETE', '/'],
  ['GET', '/history/'],
])('%s of an unknown memory%s gets 404, and of an invalid UUID 400', async (method, rest) => {
  const { mem0 } = quickMem0();
  const body = method === 'PUT' ? { body: { text: 'x' } } : {};
  expect(await ask(mem0, method, `/v1/memories/${NOBODY}${rest}`, body)).toEqual({
    status: 404,
    body: { error: 'Memory not found!' },
  });
  expect(await ask(mem0, method, `/v1/memories/one${rest}`, body)).toEqual({
    status: 400,
    body: { error: 'memory_id should be a valid UUID' },
  });
});

test("a memory doesn't exist before its event has succeeded", async () => {
  const { mem0, clock } = mem0AtRest();
  const { event_id } = await add(mem0, 'later');
  clock.now += 50;
  const { results } = (await ask(mem0, 'GET', `/v1/event/${event_id}/`)).body;
  clock.now -= 1;
  expect((await ask(mem0, 'GET', `/v1/memories/${results[0].id}/`)).status).toBe(404);
});

test('changes and deletes batches, all or nothing', async () => {
  const { mem0 } = quickMem0();
  const ids = [await addOne(mem0, 'one'), await addOne(mem0, 'two')];
  const memories = ids.map((memory_id) => ({ memory_id, text: `new ${memory_id}` }));
  expect((await ask(mem0, 'PUT', '/v1/batch/', { body: { memories } })).body).toEqual({
    message: 'Successfully updated 2 memories',
  });
  const broken = await ask(mem0, 'DELETE', '/v1/batch/', { body: { memories: [...memories, { memory_id: NOBODY }] } });
  expect(broken.status).toBe(404);
  expect((await find(mem0, 'x')).sort()).toEqual(ids.map((id) => `new ${id}`).sort());
  expect((await ask(mem0, 'DELETE', '/v1/batch/', { body: { memories } })).body).toEqual({
    message: 'Successfully deleted 2 memories',
  });
  expect(await find(mem0, 'x')).toEqual([]);
});

test('deletes the memories of the given entities', async () => {
  const { mem0 } = quickMem0();
  await addOne(mem0, 'in the run', { run_id: 'r1' });
  await addOne(mem0, 'outside');
  expect((await ask(mem0, 'DELETE', '/v1/memories/')).status).toBe(400);
  expect((await ask(mem0, 'DELETE', '/v1/memories/?user_id=ada&run_id=r1&org_id=o')).body).toEqual({
    message: 'Delete in progress. This may take some time.',
    event_id: expect.any(String),
  });
  expect(await find(mem0, 'x')).toEqual(['outside']);
  await ask(mem0, 'DELETE', '/v1/memories/?user_id=*');
  expect(await find(mem0, 'x')).toEqual([]);
});
