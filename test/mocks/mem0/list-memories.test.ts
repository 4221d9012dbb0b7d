import { expect, test } from 'vitest';
import { add, addOne, ask, find, mem0AtRest, quickMem0, select } from './ask-mem0.ts';

const FILTERS = { user_id: 'ada' };

test('lists in pages, newest first, with links to the host of the request', async () => {
  const { mem0 } = quickMem0();
  for (const text of ['one', 'two', 'three']) await addOne(mem0, text);
  const page = async (query: string) =>
    (await ask(mem0, 'POST', `/v3/memories/${query}`, { body: { filters: FILTERS }, host: '127.0.0.1:4002' })).body;
  expect(await page('?page=1&page_size=2')).toMatchObject({
    count: 3,
    next: 'https://127.0.0.1:4002/v3/memories/?page=2&page_size=2',
    previous: null,
    results: [{ memory: 'three' }, { memory: 'two' }],
  });
  expect(await page('?page=2&page_size=2')).toMatchObject({
    count: 3,
    next: null,
    previous: 'https://127.0.0.1:4002/v3/memories/?page=1&page_size=2',
    results: [{ memory: 'one' }],
  });
  expect(await page('')).toMatchObject({ count: 3, next: null, previous: null });
});

test('sorts by the time of creation, not by the given timestamp', async () => {
  const { mem0, clock } = mem0AtRest();
  await add(mem0, 'slow');
  clock.now += 10;
  await addOne(mem0, 'at once');
  clock.now += 40;
  const { body } = await ask(mem0, 'POST', '/v3/memories/', { body: { filters: FILTERS } });
  expect(body.results).toMatchObject([{ memory: 'slow' }, { memory: 'at once' }]);
});

test.each(['?page=2', '?page=0', '?page=x', '?page_size=0'])("page %s doesn't exist", async (query) => {
  const { mem0 } = quickMem0();
  await addOne(mem0, 'one');
  expect(await ask(mem0, 'POST', `/v3/memories/${query}`, { body: { filters: FILTERS } })).toEqual({
    status: 404,
    body: { detail: 'Invalid page.' },
  });
});

test('rejects entity IDs next to the filters', async () => {
  const { mem0 } = quickMem0();
  const { status, body } = await ask(mem0, 'POST', '/v3/memories/', { body: { user_id: 'ada', filters: FILTERS } });
  expect(status).toBe(400);
  expect(body.details.message).toContain('Top-level entity parameters are not supported in get_all: user_id');
});

test('returns only the requested fields', async () => {
  const { mem0 } = quickMem0();
  const id = await addOne(mem0, 'one');
  const { body } = await ask(mem0, 'POST', '/v3/memories/', { body: { filters: FILTERS, fields: ['user_id'] } });
  expect(body.results).toEqual([{ id, memory: 'one', user_id: 'ada' }]);
});

test('lists the memories created between two days', async () => {
  const { mem0, clock } = quickMem0();
  for (const text of ['first', 'second', 'third']) {
    await addOne(mem0, text);
    clock.now += 86_400_000;
  }
  const { body } = await ask(mem0, 'POST', '/v3/memories/', {
    body: { filters: FILTERS, start_date: '2026-01-02', end_date: '2026-01-02' },
  });
  expect(body.results).toMatchObject([{ memory: 'second' }]);
});

test('expired memories are only found on request', async () => {
  const { mem0, clock } = quickMem0();
  await addOne(mem0, 'brief', { expiration_date: '2026-01-01' });
  expect(await find(mem0, 'brief')).toEqual(['brief']);
  clock.now += 12 * 3_600_000;
  expect(await find(mem0, 'brief')).toEqual([]);
  expect(await select(mem0, FILTERS)).toEqual([]);
  expect(await find(mem0, 'brief', { show_expired: true })).toEqual(['brief']);
});
