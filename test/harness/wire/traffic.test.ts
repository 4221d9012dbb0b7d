import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { pause } from '../../../harness/base/clock.ts';
import { calling, onAnswers, onOneRequest, replay } from '../../../harness/wire/answers.ts';
import { madeUp } from '../../../harness/wire/exchange.ts';
import { MutatedWire } from '../../../harness/wire/mutated-wire.ts';
import { Traffic } from '../../../harness/wire/traffic.ts';
import type { WireHooks, WireMutant } from '../../../harness/wire/wire-mutant.ts';
import { isDoing } from '../../../harness/wire/wire-phase.ts';

/** Keeps what passes by without mutants: a served answer, and a failed one while the breaker opens. */
async function served() {
  const traffic = new Traffic();
  const nobody = { mutants: [], acted() {}, impossible() {}, broke() {} };
  const contract = {
    endpoints: { ask: { method: 'GET', path: '/', served: [200], reaches: ['llm'] } },
    upstreams: { llm: { kind: 'openai' } },
    client: 'socket',
  };
  const refuse = () => {
    throw new Error('nothing is called');
  };
  const wire = new MutatedWire({ ...nobody, traffic }, { contract, callUpstream: refuse } as never);
  const respond = async (status: number, body: string) => {
    const incoming = { method: 'GET', url: '/', headers: { 'x-user': 'ann' }, socket: {} };
    const relayed = wire.begin(incoming as unknown as IncomingMessage);
    expect(await relayed.answer({ status, headers: [], whole: refuse })).toBeUndefined();
    relayed.passed({ status, headers: [], body: Buffer.from(body) });
    await pause(2);
  };
  await respond(200, 'words');
  const opening = Date.now();
  wire.beginPhase(1, { action: 'opening' });
  await respond(500, '');
  wire.line('a line');
  wire.rows();
  return { traffic, opening };
}

const named = (name: string, hooks: WireHooks): WireMutant => ({
  name,
  does: name,
  turnsRed: [],
  create: () => hooks,
});

const onAnswer = (of: Pick<Parameters<typeof onAnswers>[0], 'when' | 'change'>): WireMutant =>
  onAnswers({ name: 'answer', does: '', turnsRed: [], ...of });

test.for<[string, WireMutant, 'at once' | 'while it opens' | 'never']>([
  ['changes the body of an answer', onAnswer({ when: () => true, change: ({ whole }) => whole() }), 'at once'],
  [
    'acts on another body',
    onAnswer({
      when: () => true,
      change: async ({ whole }) => (String((await whole()).body) === 'words' ? undefined : madeUp(200)),
    }),
    'while it opens',
  ],
  [
    'acts in a phase',
    onAnswer({ when: ({ phase }) => isDoing(phase, 'opening'), change: () => madeUp(1) }),
    'while it opens',
  ],
  [
    'acts in a phase that never begins',
    onAnswer({ when: ({ phase }) => isDoing(phase, 'open'), change: () => madeUp(1) }),
    'never',
  ],
  [
    'acts for a user',
    onAnswer({ when: ({ requestHeader }) => requestHeader('x-user') === 'bob', change: () => madeUp(1) }),
    'never',
  ],
  ['repeats a served answer', onAnswer({ when: ({ status }) => status === 500, change: replay }), 'while it opens'],
  [
    'calls an upstream',
    onAnswer({ when: () => true, change: (exchange, wire) => calling(exchange, wire, ['llm']) }),
    'at once',
  ],
  ['delays an answer', onAnswer({ when: () => true, change: () => new Promise(() => {}) }), 'at once'],
  ['answers instead of the service', named('instead', { instead: () => madeUp(200) }), 'at once'],
  ['acts on a request', onOneRequestOf(() => true), 'at once'],
  ['acts on no request', onOneRequestOf(() => false), 'never'],
  ['changes a line', named('line', { line: (line) => (line === 'a line' ? '' : undefined) }), 'while it opens'],
  ['changes rows', named('row', { row: 'deleted' }), 'while it opens'],
  ['throws, so that nobody knows', named('throws', { arrive: () => Promise.reject(new Error('broken')) }), 'at once'],
  ['answers when nobody can connect', named('refused', { refused: () => madeUp(200) }), 'while it opens'],
])('traffic shows when a mutant would act that %s', async ([, mutant, when]) => {
  const { traffic, opening } = await served();
  const at = (await traffic.firstActs([mutant])).get(mutant);
  const said = at === undefined ? 'never' : at < opening ? 'at once' : 'while it opens';
  expect(said).toBe(when);
});

function onOneRequestOf(act: () => boolean): WireMutant {
  return { ...named('request', {}), create: () => onOneRequest(act) };
}

test('an answer that was not kept may be one to act on, and a scenario that starts again is a new one', async () => {
  const { traffic } = await served();
  const answer = onAnswer({
    when: () => true,
    change: async ({ whole }) => ((await whole()) ? undefined : madeUp(200)),
  });
  expect((await traffic.firstActs([answer])).size).toBe(0);
  const wire = new MutatedWire({ mutants: [], acted() {}, impossible() {}, broke() {}, traffic }, {
    contract: { endpoints: {}, client: 'socket' },
  } as never);
  const always = onAnswer({ when: () => true, change: () => madeUp(200) });
  expect((await traffic.firstActs([always])).size).toBe(0);
  const incoming = { method: 'GET', url: '/', headers: {}, socket: {} } as unknown as IncomingMessage;
  await wire.begin(incoming).answer({ status: 200, headers: [], whole: () => Promise.reject(new Error('too long')) });
  expect((await traffic.firstActs([answer])).size).toBe(1);
});
