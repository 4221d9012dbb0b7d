import { expect, test } from 'vitest';
import { loadScript } from '../../../engine/index.ts';
import { contractSchema, numbersOf } from '../../../harness/contract/contract.ts';
import { scriptContext } from '../../../harness/contract/script-context.ts';
import type * as Answering from '../../../scenarios/lib/answering.ts';
import relay from '../../defects/answers/relay.ts';

const NOWHERE = { services: [], lab: { url: '', token: '' }, clientPrefix: '' };

/** Loads the script with a changed contract, and settings that contain credentials. */
async function answering(changes: object = {}, settings: Record<string, string> = {}): Promise<typeof Answering> {
  const contract = contractSchema.parse({ ...relay, ...changes });
  const PROOFLOAD = JSON.stringify(scriptContext(contract, numbersOf(contract, 'fast'), NOWHERE, settings));
  return (await loadScript('scenarios/lib/answering.ts', { env: { PROOFLOAD } })) as unknown as typeof Answering;
}

test('endpoints answer with the answers of upstreams that they call, or read those that others get', async () => {
  const script = await answering();
  expect(script.answering()).toEqual(
    ['ask', 'chat', 'tools'].map((endpoint) => ({ endpoint, upstreams: ['llm'], others: ['backup'] })),
  );
  expect(script.readings()).toEqual([{ reader: 'last', writer: 'ask' }]);
});

const key = { kind: 'api-key', keySetting: 'KEYS', header: 'X-Key' };
const plain = { user: undefined, authenticated: true };

test('callers of the same question differ in a header, a key or a user', async () => {
  expect((await answering()).callersOf(plain)).toBe(4);
  expect((await answering({ client: 'socket' })).callersOf(plain)).toBe(1);
  const keyed = await answering({ client: 'key', authentication: key, environment: { KEYS: '' } }, { KEYS: 'a,b' });
  expect(keyed.callersOf(plain)).toBe(2);
  expect(keyed.callersOf({ ...plain, user: 'user-${client}' })).toBe(4);
  expect(keyed.callersOf({ ...plain, user: 'ada' })).toBe(1);
  expect((await answering({ client: { forwarded: {} } })).callersOf(plain)).toBe(4);
  const byAddress = { client: 'socket', authentication: key, environment: { KEYS: '' } };
  const addressed = await answering(byAddress, { KEYS: 'a,b' });
  expect(addressed.callersOf(plain)).toBe(2);
  expect(addressed.callersOf({ ...plain, authenticated: false })).toBe(1);
});

test('the same text in a user makes callers the same, but they can store different texts', async () => {
  const script = await answering();
  const unique = { user: 'user-${unique}', authenticated: true };
  expect([script.callersOf(unique), script.storersOf(unique)]).toEqual([1, 4]);
  expect((await answering({ client: 'socket' })).storersOf(plain)).toBe(1);
});

test('a text of the client in any part of the request tells callers apart', async () => {
  const script = await answering({ client: 'socket' });
  expect(script.callersOf({ ...plain, headers: { 'X-User': '${client}' } })).toBe(4);
  expect(script.callersOf({ ...plain, user: 'ada', body: { by: ['${client}'] } })).toBe(4);
  expect(script.callersOf({ ...plain, path: '/items/${unique}', headers: {} })).toBe(1);
});
