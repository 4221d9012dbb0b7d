import { expect, test } from 'vitest';
import { add, ask, eventOf, find, mem0AtRest } from './ask-mem0.ts';

test('an event goes from PENDING to RUNNING to SUCCEEDED, and the memory can only be found after that', async () => {
  const { mem0, clock } = mem0AtRest({ eventMs: 1000 });
  const added = await add(mem0, 'I sing');
  expect(added).toEqual({ message: expect.any(String), status: 'PENDING', event_id: expect.any(String) });
  const seen: [string, string[]][] = [];
  for (const step of [0, 499, 1, 499, 1]) {
    clock.now += step;
    seen.push([(await eventOf(mem0, added.event_id)).status, await find(mem0, 'sing')]);
  }
  expect(seen).toEqual([
    ['PENDING', []],
    ['PENDING', []],
    ['RUNNING', []],
    ['RUNNING', []],
    ['SUCCEEDED', ['I sing']],
  ]);
});

test('an event has its result and times', async () => {
  const { mem0, clock } = mem0AtRest();
  const { event_id } = await add(mem0, 'I sing');
  expect(await eventOf(mem0, event_id)).toMatchObject({
    results: [],
    started_at: null,
    completed_at: null,
    latency: null,
  });
  clock.now += 50;
  expect(await eventOf(mem0, event_id)).toEqual({
    id: event_id,
    event_type: 'ADD',
    status: 'SUCCEEDED',
    payload: { messages: [{ role: 'user', content: 'I sing' }], user_id: 'ada' },
    metadata: null,
    results: [{ id: expect.any(String), event: 'ADD', data: { memory: 'I sing' } }],
    created_at: '2026-01-01T12:00:00.000Z',
    updated_at: '2026-01-01T12:00:00.050Z',
    started_at: '2026-01-01T12:00:00.025Z',
    completed_at: '2026-01-01T12:00:00.050Z',
    latency: 50,
    error: null,
  });
});

test('failNextEvents makes that many events fail and store nothing', async () => {
  const { mem0, clock } = mem0AtRest({ failNextEvents: 1 });
  const failed = await add(mem0, 'lost');
  const kept = await add(mem0, 'kept');
  clock.now += 50;
  expect(await eventOf(mem0, failed.event_id)).toMatchObject({
    status: 'FAILED',
    results: [],
    error: expect.any(String),
  });
  expect(await eventOf(mem0, kept.event_id)).toMatchObject({ status: 'SUCCEEDED', error: null });
  expect(await find(mem0, 'anything')).toEqual(['kept']);
});

test('with infer off, every message is stored and returned immediately', async () => {
  const { mem0 } = mem0AtRest();
  const messages = [
    { role: 'user', content: 'I sing' },
    { role: 'assistant', content: 'How nice' },
  ];
  const added = await add(mem0, '', { messages, infer: false });
  expect(added).toEqual({
    message: expect.any(String),
    status: 'SUCCEEDED',
    event_id: expect.any(String),
    results: messages.map(({ content }) => ({
      id: expect.any(String),
      event: 'ADD',
      memory: content,
      data: { memory: content },
    })),
  });
  expect(await find(mem0, 'sing')).toEqual(['I sing', 'How nice']);
  expect((await eventOf(mem0, added.event_id)).status).toBe('SUCCEEDED');
});

test('lists events in pages, newest first', async () => {
  const { mem0 } = mem0AtRest();
  const ids: string[] = [];
  for (const text of ['one', 'two', 'three']) ids.unshift((await add(mem0, text)).event_id);
  const { body } = await ask(mem0, 'GET', '/v1/events/?page_size=2');
  expect(body).toMatchObject({ count: 3, previous: null, results: ids.slice(0, 2).map((id) => ({ id })) });
  expect(body.next).toBe('https://api.mem0.ai/v1/events/?page_size=2&page=2');
});

test('an unknown event gets 404', async () => {
  const { mem0 } = mem0AtRest();
  expect(await ask(mem0, 'GET', '/v1/event/2c4d1f44-4f7b-4b2f-9f6e-7b5b4f5a1234/')).toEqual({
    status: 404,
    body: { error: "Event not found or you don't have permission to access it." },
  });
});

test('configure affects later additions, and reset deletes everything', async () => {
  const { mem0 } = mem0AtRest({ eventMs: 1000 });
  await add(mem0, 'early');
  mem0.configure({ eventMs: 0 });
  const { event_id } = await add(mem0, 'late');
  expect(await find(mem0, 'x')).toEqual(['late']);
  mem0.reset();
  expect(mem0.settings.eventMs).toBe(1000);
  expect(await find(mem0, 'x')).toEqual([]);
  expect((await ask(mem0, 'GET', `/v1/event/${event_id}/`)).status).toBe(404);
});

test.each([{ eventMs: -1 }, { eventMs: 0.5 }, { delay: 1 }, { failNextEvents: 'all' }])(
  'refuses the settings %j',
  (settings) => {
    const { mem0 } = mem0AtRest();
    expect(() => mem0.configure(settings as object)).toThrow();
    expect(mem0.settings.eventMs).toBe(50);
  },
);
