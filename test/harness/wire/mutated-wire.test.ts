import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import type { ActionName } from '../../../harness/contract/phases.ts';
import { onAnswers } from '../../../harness/wire/answers.ts';
import { madeUp } from '../../../harness/wire/exchange.ts';
import { MutatedWire } from '../../../harness/wire/mutated-wire.ts';
import type { WireMutant } from '../../../harness/wire/wire-mutant.ts';
import { belongs, isDoing } from '../../../harness/wire/wire-phase.ts';

const mutant = (name: string, action: ActionName, status: number): WireMutant =>
  onAnswers({
    name,
    does: name,
    turnsRed: [],
    when: (exchange) => isDoing(exchange.phase, action),
    change: async ({ whole }) => ({ ...(await whole()), status }),
  });

/** A wire with mutants, the names of those that have acted, and a request. */
function wireWith(...mutants: WireMutant[]) {
  const [notes, impossible, broken]: [string[], string[], string[]] = [[], [], []];
  const mutation = {
    mutants,
    acted: ({ name }: WireMutant) => notes.push(name),
    impossible: ({ name }: WireMutant, why: string) => impossible.push(`${name}: ${why}`),
    broke: ({ name }: WireMutant, error: unknown) => broken.push(`${name}: ${error}`),
    judged() {},
  };
  const meanings = [
    { status: 200, means: 429, has: 'error.code', equals: [7], retryAfter: 'error.wait' },
    { status: 200, means: 200, without: 'error' },
  ];
  const contract = {
    endpoints: {
      ask: { method: 'GET', path: '/', served: [200], reaches: [] },
      rpc: { method: 'GET', path: '/rpc', served: [200], meanings, reaches: [] },
    },
    upstreams: { llm: { kind: 'openai' }, cache: { tcp: '127.0.0.1:6379' } },
    client: 'socket',
  };
  const called: unknown[] = [];
  const callUpstream = async (...call: unknown[]) => called.push(call) > 0;
  const wire = new MutatedWire(mutation, { contract, callUpstream } as never);
  const incoming = { method: 'GET', url: '/', headers: {}, socket: {} } as unknown as IncomingMessage;
  return { wire, notes, impossible, broken, incoming, called };
}

test('only one mutant changes each answer', async () => {
  const { wire, notes, incoming } = wireWith(
    mutant('first', 'open', 500),
    mutant('second', 'open', 502),
    mutant('other', 'closed', 503),
  );
  wire.beginPhase(1, { action: 'open' });
  const whole = async () => ({ status: 200, headers: [], body: Buffer.from('') });
  const answer = async () => (await wire.begin(incoming).answer({ status: 200, headers: [], whole }))?.status;
  expect(await answer()).toBe(500);
  expect(notes).toEqual(['first']);
  expect(await answer()).toBe(502);
  expect(notes[1]).toBe('second');
});

test('a mutant that acts on every answer leaves some to the others', async () => {
  const { wire, incoming } = wireWith(
    onAnswers({ name: 'greedy', does: '', turnsRed: [], once: 'each', when: () => true, change: () => madeUp(500) }),
    onAnswers({ name: 'modest', does: '', turnsRed: [], when: () => true, change: () => madeUp(502) }),
  );
  const whole = async () => ({ status: 200, headers: [], body: Buffer.from('') });
  const statuses: unknown[] = [];
  for (let nth = 0; nth < 3; nth += 1) {
    statuses.push((await wire.begin(incoming).answer({ status: 200, headers: [], whole }))?.status);
  }
  expect(statuses).toEqual([500, 502, 500]);
});

test('a mutant sees what the script does, also in the phase that another one belongs to', () => {
  const seen: Record<string, boolean>[] = [];
  const { wire, incoming } = wireWith({
    name: 'looks',
    does: 'looks',
    turnsRed: [],
    create: () => ({
      arrive({ phase }) {
        seen.push({ opens: isDoing(phase, 'opening'), opened: belongs(phase, 'after', 'row', 'opening') });
        return false;
      },
    }),
  });
  const look = () => wire.begin(incoming);
  look();
  wire.beginPhase(1, { action: 'opening' });
  look();
  wire.beginPhase(2, { when: 'after', of: 1 });
  look();
  wire.beginPhase(3, { when: 'recovery from', of: 1 });
  look();
  wire.beginPhase(4, { own: 'mine', action: 'opening' });
  look();
  const neither = { opens: false, opened: false };
  expect(seen).toEqual([neither, { opens: true, opened: false }, { opens: false, opened: true }, neither, neither]);
});

test('a mutant has acted only if what it does beside the service has succeeded', async () => {
  const arriving = (name: string, did: Promise<boolean>): WireMutant => ({
    name,
    does: name,
    turnsRed: [],
    create: () => ({ arrive: () => did }),
  });
  const { wire, notes, incoming } = wireWith(
    arriving('did not arrive', Promise.resolve(false)),
    arriving('failed', Promise.reject(new Error('the fakes are gone'))),
    arriving('arrived', Promise.resolve(true)),
  );
  wire.begin(incoming);
  await expect.poll(() => notes).toEqual(['arrived']);
});

test('a mutant that calls an upstream past the service can not do so if it speaks no HTTP', async () => {
  const calling = (name: string): WireMutant => ({
    name,
    does: name,
    turnsRed: [],
    create: ({ callUpstream }) => ({ arrive: () => callUpstream(name, { path: '/moved' }) }),
  });
  const { wire, notes, impossible, incoming, called } = wireWith(calling('llm'), calling('cache'), calling('database'));
  wire.begin(incoming);
  await expect.poll(() => notes).toEqual(['llm']);
  expect(called).toEqual([['llm', { path: '/moved' }]]);
  expect(impossible.map((reason) => reason.replace(/:.* and/, ': '))).toEqual([
    'cache:  cache is not one',
    'database:  database is not one',
  ]);
});

test('mutants see for which status an answer stands, and callers get it in the form of the service', async () => {
  const seen: unknown[] = [];
  const { wire, incoming } = wireWith({
    name: 'refuses',
    does: 'refuses',
    turnsRed: [],
    create: ({ served }) => ({
      answer(exchange) {
        seen.push([exchange.status, exchange.header('retry-after')]);
        return exchange.status === 429 ? served('rpc') : madeUp(429, [['Retry-After', '4']]);
      },
    }),
  });
  const pass = async (body: object) => {
    const relayed = wire.begin({ ...incoming, url: '/rpc' } as never);
    const own = { status: 200, headers: [], body: Buffer.from(JSON.stringify(body)) };
    relayed.passed(own);
    const sent = await relayed.answer({ ...own, whole: async () => own });
    return [sent?.status, JSON.parse(String(sent?.body))];
  };
  expect(await pass({ result: 1 })).toEqual([200, { error: { code: 7, wait: 4 } }]);
  expect(await pass({ error: { code: 7, wait: 2 } })).toEqual([200, { result: 1 }]);
  expect(seen).toEqual([
    [200, undefined],
    [429, '2'],
  ]);
});

test('a mutant whose code throws is named, and the traffic passes unchanged', async () => {
  const thrown = (): never => {
    throw new Error('oops');
  };
  const hooks = {
    arrive: async () => thrown(),
    answer: async () => thrown(),
    refused: thrown,
    line: thrown,
    settings: thrown,
  };
  const { wire, notes, broken, incoming } = wireWith({ ...mutant('buggy', 'open', 500), create: () => hooks });
  const whole = async () => ({ status: 200, headers: [], body: Buffer.from('') });
  const passing = wire.begin(incoming);
  expect(await passing.answer({ status: 200, headers: [], whole })).toBeUndefined();
  expect(passing.refused()).toBeUndefined();
  expect(wire.line('a line')).toBe('a line');
  expect(wire.settings({ KEY: 'a' })).toEqual({ KEY: 'a' });
  expect(broken).toEqual(Array(5).fill('buggy: Error: oops'));
  expect(notes).toEqual([]);
});

test('a mutant is not to blame for an answer that breaks off', async () => {
  const { wire, broken, incoming } = wireWith(mutant('reader', 'open', 500));
  wire.beginPhase(1, { action: 'open' });
  const whole = () => Promise.reject(new Error('aborted'));
  await expect(wire.begin(incoming).answer({ status: 200, headers: [], whole })).rejects.toThrow('aborted');
  expect(broken).toEqual([]);
});
