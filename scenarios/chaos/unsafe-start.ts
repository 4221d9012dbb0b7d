import { context, promised } from '../lib/context.ts';
import type { Proof } from '../lib/proof.ts';
import { tryStarts } from '../lib/starts.ts';

export { startsOptions as options } from '../lib/starts.ts';
export { handleSummary } from '../lib/summary.ts';

export const proof: Proof = {
  about: 'Settings that leave a protection off are refused when the service starts, in words that say which.',
  clients: 1,
  conditions: [],
  holds: ['steady-state', 'unsafe-start-refused', 'recovers'],
};

const refusedStarts = promised(context.refusedStarts, 'refusedStarts');

export default (): Promise<void> =>
  tryStarts({
    'its own settings': {},
    ...Object.fromEntries(Object.entries(refusedStarts).map(([about, { settings }]) => [about, settings])),
  });
