import { expect, test } from 'vitest';
import { loadScript } from '../../../engine/index.ts';
import { scriptContext } from '../../../harness/contract/script-context.ts';
import type * as HeldCalls from '../../../scenarios/lib/held-calls.ts';
import { facts } from '../../support/history.ts';

const { contract, numbers } = facts();
const NOWHERE = { services: [], lab: { url: '', token: '' }, clientPrefix: '' };

test('a delay is at most half of the call timeouts of its upstream, so that calls are still served', async () => {
  const breakers = { ...numbers.breakers, llm: { ...numbers.breakers.llm, recoverySeconds: 2, callTimeoutSeconds: 1 } };
  const upstream = contract.breakers.llm?.upstream ?? '';
  const PROOFLOAD = JSON.stringify(scriptContext(contract, { ...numbers, breakers }, NOWHERE, {}));
  const script = await loadScript('scenarios/lib/held-calls.ts', { env: { PROOFLOAD } });
  const { servedDelayMs, holdMs } = script as unknown as typeof HeldCalls;
  expect([servedDelayMs(upstream, 1_000), servedDelayMs(upstream, 300), holdMs(upstream)]).toEqual([500, 300, 500]);
  expect(servedDelayMs('another', 1_000)).toBe(1_000);
});

test('a long delay is most of a promised timeout, but ends before a service that is ending must exit', async () => {
  const long = async (callTimeoutSeconds: number, termination?: object) => {
    const breakers = { ...numbers.breakers, llm: { ...numbers.breakers.llm, recoverySeconds: 2, callTimeoutSeconds } };
    const changed = { ...contract, termination } as typeof contract;
    const PROOFLOAD = JSON.stringify(scriptContext(changed, { ...numbers, breakers }, NOWHERE, {}));
    const { longHoldMs } = (await loadScript('scenarios/lib/held-calls.ts', {
      env: { PROOFLOAD },
    })) as unknown as typeof HeldCalls;
    const { endpoint = '', upstream = '' } = contract.breakers.llm ?? {};
    return [longHoldMs({ endpoint, upstream }), longHoldMs({ endpoint: 'another', upstream })];
  };
  expect(await long(2)).toEqual([1_600, 500]);
  expect(await long(10, { graceSeconds: 3, drainSeconds: 1, inFlight: 'finished' })).toEqual([1_600, 500]);
  expect(await long(0.2)).toEqual([160, 100]);
});

test('a burst leaves room for requests that a service may still count as in progress', async () => {
  const requestsInProgress = { small: { max: 4, refusal: 429 }, single: { max: 1, refusal: 429 } };
  const PROOFLOAD = JSON.stringify(scriptContext(contract, { ...numbers, requestsInProgress }, NOWHERE, {}));
  const script = await loadScript('scenarios/lib/held-calls.ts', { env: { PROOFLOAD } });
  const { widthOf, crowdOf } = script as unknown as typeof HeldCalls;
  expect([widthOf('small', 8), widthOf('single', 8), widthOf('unlimited', 8)]).toEqual([2, 1, 8]);
  expect([crowdOf('small', 8), crowdOf('single', 8), crowdOf('unlimited', 8)]).toEqual([4, 1, 8]);
});

test('callers that are different clients are not bounded by the limit of each of them', async () => {
  const { endpoint = '', upstream = '' } = contract.breakers.llm ?? {};
  const path = { endpoint, upstream };
  const at = async (client: typeof contract.client, max: number, more: object = {}) => {
    const requestsInProgress = { [endpoint]: { max, refusal: 429 } };
    const changed = { ...contract, client };
    const made = { ...scriptContext(changed, { ...numbers, requestsInProgress }, NOWHERE, {}), ...more };
    const script = await loadScript('scenarios/lib/held-calls.ts', { env: { PROOFLOAD: JSON.stringify(made) } });
    return (script as unknown as typeof HeldCalls).callersAtOnce(6, path);
  };
  expect(await at({ header: 'x-tenant' }, 3)).toBe(6);
  expect([await at('socket', 3), await at('socket', 1), await at('socket', 8)]).toEqual([2, 1, 4]);
  expect(await at({ header: 'x-tenant' }, 3, { callsAtOnce: 2 })).toBe(2);
});
