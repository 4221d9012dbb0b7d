import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { onAnswers } from '../../../harness/wire/mutants/lib/answers.ts';
import { MutatedWire } from '../../../harness/wire/mutated-wire.ts';
import type { WireMutant } from '../../../harness/wire/wire-mutant.ts';

const mutant = (name: string, phase: string, status: number): WireMutant =>
  onAnswers({
    ...{ name, does: name, turnsRed: [] },
    when: (exchange) => exchange.phase === phase,
    change: async ({ whole }) => ({ ...(await whole()), status }),
  });

test('only one mutant changes each answer', async () => {
  const told: string[] = [];
  const tell = (what: string) => (one: WireMutant) => void told.push(`${one.name} ${what}`);
  const mutants = [mutant('first', 'open', 500), mutant('second', 'open', 502), mutant('other', 'closed', 503)];
  const mutation = { mutants, acted: tell('acted'), impossible() {}, judged() {} };
  const contract = { endpoints: { ask: { method: 'GET', path: '/', served: [200], reaches: [] } }, client: 'socket' };
  const wire = new MutatedWire(mutation, { contract } as never);
  wire.phase = 'open';
  const asked = { method: 'GET', url: '/', headers: {}, socket: {} } as unknown as IncomingMessage;
  const whole = async () => ({ status: 200, headers: [], body: Buffer.from('') });
  const answer = async () => (await wire.begin(asked).answer({ status: 200, headers: [], whole }))?.status;
  expect(await answer()).toBe(500);
  expect(told).toEqual(['first acted']);
  expect(await answer()).toBe(502);
  expect(told[1]).toBe('second acted');
});
