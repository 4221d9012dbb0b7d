import type { Options } from 'k6/options';
import { call, context, find, lab, type Proof, steady, times } from 'proofload/scenario';

export { handleSummary } from 'proofload/scenario';

const CALLS = 5;

find(context.endpoints, 'price');

export const proof: Proof = {
  about: 'The shop returns prices in another currency. The service rejects them, and works again afterwards.',
  judges: 'prices in another currency',
  clients: 1,
  seconds: 2,
  conditions: [],
  holds: ['steady-state', 'wrong-currency-refused', 'recovers'],
};

export const options: Options = {
  scenarios: { wrong: { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '2m' } },
  thresholds: { iterations: ['count==1'] },
};

export default async function (): Promise<void> {
  await steady('steady');
  const phase = await lab.phase({ own: 'wrong currency' });
  await lab.fault('shop', { kind: 'wrong-currency', currency: 'USD', next: CALLS });
  await times(CALLS, () => call('price', { phase }));
  await lab.heal('shop');
  await steady('steady again');
}
