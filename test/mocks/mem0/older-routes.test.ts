import { expect, test } from 'vitest';
import { addOne, ask, mem0AtRest, quickMem0 } from './ask-mem0.ts';

const HELLO = { user_id: 'ada', messages: [{ role: 'user', content: 'likes tea' }] };

test('POST /v1/memories/ returns a list of the queued additions', async () => {
  const { mem0, clock } = mem0AtRest();
  const { status, body } = await ask(mem0, 'POST', '/v1/memories/', { body: { ...HELLO, agent_id: null } });
  expect(status).toBe(200);
  expect(body).toEqual([{ message: expect.any(String), status: 'PENDING', event_id: expect.any(String) }]);
  clock.now += 50;
  const found = await ask(mem0, 'POST', '/v1/memories/search/', { body: { query: 'tea', user_id: 'ada' } });
  expect(found.body).toMatchObject([{ memory: 'likes tea', score: 1, user_id: 'ada' }]);
});

test.each([{ infer: false }, { async_mode: false }])(
  'POST /v1/memories/ with %j tells what it remembers',
  async (more) => {
    const { mem0 } = mem0AtRest();
    const { body } = await ask(mem0, 'POST', '/v1/memories/', { body: { ...HELLO, ...more } });
    expect(body).toEqual([
      { id: expect.any(String), event: 'ADD', memory: 'likes tea', data: { memory: 'likes tea' } },
    ]);
  },
);

test('output_format v1.1 puts lists into an object', async () => {
  const { mem0 } = quickMem0();
  const output_format = 'v1.1';
  expect((await ask(mem0, 'POST', '/v1/memories/', { body: { ...HELLO, output_format } })).body).toMatchObject({
    results: [{ status: 'PENDING' }],
    relations: [],
  });
  const search = { query: 'tea', user_id: 'ada', output_format };
  expect((await ask(mem0, 'POST', '/v1/memories/search/', { body: search })).body).toMatchObject({
    results: [{ memory: 'likes tea' }],
    relations: [],
  });
});

test('POST /v2/memories/search/ and /v2/memories/ return plain lists', async () => {
  const { mem0 } = quickMem0();
  await addOne(mem0, 'likes tea');
  await addOne(mem0, 'has a dog');
  const filters = { AND: [{ user_id: 'ada' }] };
  const search = await ask(mem0, 'POST', '/v2/memories/search/', { body: { query: 'dog', filters, org_id: 'o' } });
  expect(search.body).toMatchObject([{ memory: 'has a dog', score: expect.any(Number) }, { memory: 'likes tea' }]);
  const list = await ask(mem0, 'POST', '/v2/memories/', { body: { filters } });
  expect(list.body).toMatchObject([{ memory: 'has a dog' }, { memory: 'likes tea' }]);
  const page = await ask(mem0, 'POST', '/v2/memories/?page=2&page_size=1', { body: { filters } });
  expect(page.body).toMatchObject({ count: 2, results: [{ memory: 'likes tea' }] });
});

test('GET /v1/memories/ filters by the query', async () => {
  const { mem0 } = quickMem0();
  await addOne(mem0, 'likes tea');
  await addOne(mem0, 'of bob', { user_id: 'bob' });
  expect((await ask(mem0, 'GET', '/v1/memories/?user_id=ada&org_id=o')).body).toMatchObject([{ memory: 'likes tea' }]);
  expect((await ask(mem0, 'GET', '/v1/memories/?user_id=ada&page=1&page_size=5')).body).toMatchObject({ count: 1 });
});

test.each([
  ['POST', '/v1/memories/search/', { query: 'x' }],
  ['GET', '/v1/memories/', undefined],
  ['POST', '/v1/memories/', { messages: HELLO.messages }],
])('%s %s without an entity ID gets 400', async (method, path, body) => {
  const { mem0 } = quickMem0();
  const answer = await ask(mem0, method, path, body === undefined ? {} : { body });
  expect(answer).toEqual({
    status: 400,
    body: { error: '400 Bad Request', details: { message: expect.stringContaining('At least one') } },
  });
});

test('a revoked key gets 401 and a forbidden one 403', async () => {
  const { mem0 } = mem0AtRest({ revokedKeys: ['m0-old'], forbiddenKeys: ['m0-poor'] });
  expect(await ask(mem0, 'GET', '/v1/ping/', { key: 'm0-old' })).toEqual({
    status: 401,
    body: { detail: 'Invalid API key. You can find your API key on https://app.mem0.ai/dashboard/api-keys.' },
  });
  expect((await ask(mem0, 'GET', '/v1/ping/', { key: 'm0-poor' })).status).toBe(403);
  expect((await ask(mem0, 'GET', '/v1/ping/')).status).toBe(200);
});
