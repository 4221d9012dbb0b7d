import { request } from 'undici';
import { expect, test } from 'vitest';
import { type Answer, type FakeLab, startFakeLab, until } from '../fake-lab.ts';

/** Adds a memory and waits until it can be found. */
const addAll = async (lab: FakeLab, body: object): Promise<Answer> => {
  const added = await lab.ask('mem0', 'POST', '/v3/memories/add/', body);
  const event = `/v1/event/${JSON.parse(added.text).event_id}/`;
  await until(async () => JSON.parse((await lab.ask('mem0', 'GET', event)).text).status === 'SUCCEEDED');
  return added;
};
const add = (lab: FakeLab, content: string, more: object = { user_id: 'ada' }) =>
  addAll(lab, { messages: [{ role: 'user', content }], ...more });
const search = (lab: FakeLab, body: object) => lab.ask('mem0', 'POST', '/v3/memories/search/', body);
const found = async (lab: FakeLab, body: object): Promise<{ memory: string; score: number }[]> =>
  JSON.parse((await search(lab, body)).text).results;

test('queues an addition and finds it for its user', async () => {
  await using lab = await startFakeLab();
  const added = await add(lab, 'I play the cello', { user_id: 'ada', metadata: { source: 'test' } });
  expect(added.status).toBe(200);
  expect(JSON.parse(added.text)).toEqual({
    event_id: expect.any(String),
    status: 'PENDING',
    message: expect.any(String),
  });

  expect(await found(lab, { query: 'cello', filters: { user_id: 'ada' } })).toEqual([
    {
      id: expect.any(String),
      memory: 'I play the cello',
      score: 1,
      user_id: 'ada',
      agent_id: null,
      app_id: null,
      run_id: null,
      metadata: { source: 'test' },
      categories: [],
      created_at: expect.stringMatching(/^\d{4}-.*Z$/),
      updated_at: expect.stringMatching(/^\d{4}-.*Z$/),
    },
  ]);
  expect(await found(lab, { query: 'cello', filters: { user_id: 'bob' } })).toEqual([]);
});

test('finds the best match first, and no more than top_k matches above the threshold', async () => {
  await using lab = await startFakeLab();
  for (const memory of ['likes tea', 'likes green tea', 'has a dog']) await add(lab, memory);
  const wanted = { query: 'green tea', filters: { user_id: 'ada' } };
  expect((await found(lab, wanted)).map(({ memory }) => memory)).toEqual(['likes green tea', 'likes tea', 'has a dog']);
  expect(await found(lab, { ...wanted, top_k: 1 })).toHaveLength(1);
  expect(await found(lab, { ...wanted, threshold: 0.5 })).toHaveLength(2);
});

test('only stores the messages of the user', async () => {
  await using lab = await startFakeLab();
  const messages = [
    { role: 'user', content: 'I sing' },
    { role: 'assistant', content: 'How nice' },
  ];
  await addAll(lab, { messages, user_id: 'ada' });
  expect(await found(lab, { query: 'x', filters: { user_id: 'ada' } })).toMatchObject([{ memory: 'I sing' }]);
});

test('filters by every given entity ID', async () => {
  await using lab = await startFakeLab();
  await add(lab, 'one', { user_id: 'ada', run_id: 'r1' });
  await add(lab, 'two', { user_id: 'ada', run_id: 'r2' });
  expect(await found(lab, { query: 'x', filters: { user_id: 'ada', run_id: 'r2' } })).toMatchObject([
    { memory: 'two' },
  ]);
  expect(await found(lab, { query: 'x', filters: { run_id: 'r1' } })).toMatchObject([{ memory: 'one' }]);
  expect(await found(lab, { query: 'x', filters: { user_id: 'ada' } })).toHaveLength(2);
});

test('drops the oldest memories of an entity with more than 200', async () => {
  await using lab = await startFakeLab();
  const messages = Array.from({ length: 205 }, (_, i) => ({ role: 'user', content: `memory ${i}` }));
  await addAll(lab, { messages, user_id: 'ada' });
  const memories = await found(lab, { query: 'x', filters: { user_id: 'ada' }, top_k: 1000 });
  expect(memories).toHaveLength(200);
  expect(memories[0]?.memory).toBe('memory 5');
});

test.each([
  ['/v3/memories/search/', { query: 'x', user_id: 'ada' }, 'Top-level entity parameters'],
  ['/v3/memories/search/', { query: 'x' }, 'filters'],
  ['/v3/memories/search/', { query: 'x', filters: {} }, 'At least one entity id'],
  ['/v3/memories/search/', { filters: { user_id: 'ada' } }, 'query'],
  ['/v3/memories/add/', { messages: [{ role: 'user', content: 'x' }] }, 'At least one entity id'],
  ['/v3/memories/add/', { user_id: 'ada' }, 'messages'],
  ['/v3/memories/add/', { user_id: 'ada', messages: [] }, 'messages'],
])('rejects %s %j with 400', async (path, body, message) => {
  await using lab = await startFakeLab();
  const { status, text } = await lab.ask('mem0', 'POST', path, body);
  expect(status).toBe(400);
  expect(JSON.parse(text)).toEqual({
    error: '400 Bad Request',
    details: { message: expect.stringContaining(message) },
  });
});

test.each(['/v3/memories/add/', '/v3/memories/search/'])(
  'refuses a body of %s that is not JSON with 400',
  async (path) => {
    await using lab = await startFakeLab();
    const { statusCode } = await request(`${lab.fakes.upstreams.mem0}${path}`, {
      method: 'POST',
      headers: { authorization: 'Token m0-test' },
      body: '{',
      dispatcher: lab.agent,
    });
    expect(statusCode).toBe(400);
  },
);

test.each([
  ['POST', '/v3/memories/add/'],
  ['POST', '/v3/memories/search/'],
  ['GET', '/v1/ping/'],
] as const)('refuses %s %s without a token with 401', async (method, path) => {
  await using lab = await startFakeLab();
  for (const authorization of ['', 'Token ', 'Bearer m0-test']) {
    const { statusCode, body } = await request(`${lab.fakes.upstreams.mem0}${path}`, {
      method,
      headers: { authorization },
      dispatcher: lab.agent,
    });
    expect(statusCode).toBe(401);
    expect(await body.json()).toEqual({ detail: expect.any(String) });
  }
});

test('answers a ping', async () => {
  await using lab = await startFakeLab();
  expect(JSON.parse((await lab.ask('mem0', 'GET', '/v1/ping/')).text)).toEqual({
    status: 'ok',
    org_id: expect.any(String),
    project_id: expect.any(String),
    user_email: expect.any(String),
  });
});
