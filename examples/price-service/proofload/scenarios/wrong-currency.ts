import { call, context, find, lab, type Proof, steady, times } from 'proofload/scenario';

export { handleSummary, options } from 'proofload/scenario';

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

export default async function (): Promise<void> {
  await steady('steady');
  const phase = await lab.phase({ own: 'wrong currency' });
  await lab.fault('shop', { kind: 'wrong-currency', currency: 'USD', next: CALLS });
  await times(CALLS, () => call('price', { phase }));
  await lab.heal('shop');
  await steady('steady again');
}
