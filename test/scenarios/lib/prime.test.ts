import { expect, test } from 'vitest';
import { loadScript } from '../../../engine/index.ts';
import { contractSchema, numbersOf } from '../../../harness/contract/contract.ts';
import { scriptContext } from '../../../harness/contract/script-context.ts';
import type * as Prime from '../../../scenarios/lib/prime.ts';
import reference from '../../../service/proofload.config.ts';
import windowed from '../../defects/breakers/windowed.ts';

const NOWHERE = { services: [], lab: { url: '', token: '' }, clientPrefix: '' };

async function prime(described: object): Promise<typeof Prime> {
  const contract = contractSchema.parse(described);
  const PROOFLOAD = JSON.stringify(scriptContext(contract, numbersOf(contract, 'fast'), NOWHERE, {}));
  return (await loadScript('scenarios/lib/prime.ts', { env: { PROOFLOAD } })) as unknown as typeof Prime;
}

test('failures must leave the window of a breaker that a success does not reset, before one more opens it', async () => {
  const failures = ['groq', 'groq', 'groq', 'mem0'].map((upstream) => ({ upstream }));
  // It opens after 3 failures within 4 s, so that it waits after every second one.
  expect((await prime(windowed)).forgettingSeconds(failures)).toBeCloseTo(2 * 4.5);
  expect((await prime(reference)).forgettingSeconds(failures)).toBe(0);
});
