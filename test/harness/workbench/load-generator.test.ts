import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { jwtVerify } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import { listen } from '../../../harness/base/listen.ts';
import { scriptContext } from '../../../harness/contract/script-context.ts';
import type { RequestSample } from '../../../harness/history/events.ts';
import { LoadGenerator } from '../../../harness/workbench/load-generator.ts';
import { eventually } from '../../support/eventually.ts';
import { facts } from '../../support/history.ts';

const KEY = 'k'.repeat(40);

interface Call {
  line: string;
  from: string | undefined;
  authorization: string | undefined;
  body: string;
}

/** Creates a generator that calls a test server. Also returns the requests that arrive there. */
async function generator(answer: (response: ServerResponse) => void = (response) => response.writeHead(201).end()) {
  const calls: Call[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const { method, url, headers, socket } = request;
    let body = '';
    for await (const chunk of request) body += chunk;
    calls.push({ line: `${method} ${url}`, from: socket.remoteAddress, authorization: headers.authorization, body });
    answer(response);
  };
  const server = await listen(take);
  const samples: RequestSample[] = [];
  const { contract, numbers } = facts();
  const addresses = { services: [], lab: { url: '', token: '' }, clientPrefix: '' };
  const calling = scriptContext(contract, numbers, addresses, { SECRET_KEY: KEY });
  const target = { url: server.url, calling, token: async () => '', seed: 7 };
  const load = new LoadGenerator({ ...target, see: (sample) => samples.push(sample) });
  onTestFinished(async () => {
    await load[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  return { load, calls, samples };
}

test('calls each endpoint at its rate, with the given number of clients, and reports the results', async () => {
  const { load, calls, samples } = await generator();
  const began = performance.now();
  load.set({ rates: { 'conversation-end': 40, health: 20 }, clients: 3 });
  const of = (name: string) => samples.filter((sample) => sample.name === name);
  await eventually(() => expect(of('conversation-end').length).toBeGreaterThan(40));
  load.set({ rates: {}, clients: 3 });
  const seconds = (performance.now() - began) / 1_000;
  // A call that was begun just before may not have arrived yet.
  await pause(200);
  await eventually(() => expect(samples).toHaveLength(calls.length));
  // The generator only makes up for machine pauses of up to a tenth of a second, so there may be fewer calls than
  // scheduled, but not more.
  expect(of('conversation-end').length).toBeLessThanOrEqual(40 * (seconds + 0.1) + 1);
  expect(of('health').length).toBeLessThanOrEqual(20 * (seconds + 0.1) + 1);
  const share = of('health').length / of('conversation-end').length;
  expect(share).toBeGreaterThan(0.3);
  expect(share).toBeLessThan(0.7);
  const [first] = of('conversation-end');
  expect(first).toMatchObject({ type: 'request', method: 'POST', status: 201, tags: { endpoint: 'conversation-end' } });
  expect([...new Set(calls.map(({ from }) => from))].sort()).toEqual(['127.16.7.1', '127.16.7.2', '127.16.7.3']);
  const now = calls.length;
  await pause(200);
  expect(calls).toHaveLength(now);
});

test('each request acts for a different user, as required by the contract', async () => {
  const { load, calls } = await generator();
  load.set({ rates: { 'conversation-end': 20 }, clients: 1 });
  await eventually(() => expect(calls.length).toBeGreaterThan(1));
  const arrived = [...calls];
  const users = arrived.map(({ body }) => JSON.parse(body).user_id as string);
  expect(new Set(users).size).toBe(arrived.length);
  for (const [index, { authorization = '' }] of arrived.entries()) {
    const { payload } = await jwtVerify(authorization.replace('Bearer ', ''), new TextEncoder().encode(KEY));
    expect(payload.sub).toBe(users[index]);
  }
});

test('an endpoint without a user is called without a token', async () => {
  const { load, calls } = await generator();
  load.set({ rates: { unknown: 20 }, clients: 1 });
  await eventually(() => expect(calls.length).toBeGreaterThan(0));
  expect(calls[0]).toMatchObject({
    line: expect.stringMatching(/^GET \/nowhere\/lab-/),
    authorization: undefined,
    body: '',
  });
});

test('calls without an answer are reported as such, and none remains after the end', async () => {
  const { load, samples } = await generator(() => {});
  load.set({ rates: { health: 40 }, clients: 1 });
  await pause(300);
  await load[Symbol.asyncDispose]();
  expect(samples.length).toBeGreaterThan(3);
  expect(samples.every(({ status }) => status === 0)).toBe(true);
});

test('with 500 open calls, further ones are left out and counted', async () => {
  const { load } = await generator(() => {});
  load.set({ rates: Object.fromEntries(['health', 'ready', 'docs'].map((name) => [name, 2_000])), clients: 1 });
  await eventually(() => expect(load.leftOut).toBeGreaterThan(0));
});
