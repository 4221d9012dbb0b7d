import { expect, test } from 'vitest';
import { loadScript } from '../../../engine/index.ts';
import { contractSchema, numbersOf } from '../../../harness/contract/contract.ts';
import { scriptContext } from '../../../harness/contract/script-context.ts';
import type * as StreamFailures from '../../../scenarios/lib/stream-failures.ts';
import assistant from '../../defects/upstreams/assistant.ts';

const upstreams = { ...assistant.upstreams, real: { forward: 'http://127.0.0.1:9200' } };
const contract = contractSchema.parse({ ...assistant, upstreams });
const NOWHERE = { services: [], lab: { url: '', token: '' }, clientPrefix: '' };
const PROOFLOAD = JSON.stringify(scriptContext(contract, numbersOf(contract, 'fast'), NOWHERE, {}));
const script = await loadScript('scenarios/lib/stream-failures.ts', { env: { PROOFLOAD } });
const { endedInTheMiddle, endless } = script as unknown as typeof StreamFailures;

const namesOf = (failures: StreamFailures.StreamFailure[]) => failures.map(({ name }) => name);

test('only the streams of built-in fakes are known to have errors and a last event', () => {
  expect(namesOf(endedInTheMiddle('llm'))).toEqual(['cut-stream', 'error-in-stream', 'early-end']);
  expect(namesOf(endedInTheMiddle('real'))).toEqual(['cut-stream']);
});

test('a stream never ends only if the contract says how long a call lasts then', () => {
  expect(endless({ format: 'sse' })).toEqual([]);
  expect(namesOf(endless({ format: 'sse', stallSeconds: 1 }))).toEqual(['stall']);
  expect(namesOf(endless({ format: 'sse', firstEventSeconds: 1 }))).toEqual(['keep-alives', 'drip']);
});

test.each([
  [1, 200],
  [60, 3_000],
])('within %d s, so few bytes are dripped that they are no event', (firstEventSeconds, everyMilliseconds) => {
  const [, drip] = endless({ format: 'sse', firstEventSeconds });
  expect(drip).toMatchObject({ fault: { kind: 'drip', everyMilliseconds }, seconds: 2 * firstEventSeconds + 5 });
});
