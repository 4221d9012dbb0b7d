import type { Proof } from '../../harness/contract/proof.ts';
import { context, promised } from '../lib/context.ts';
import { startsTake, tryStarts } from '../lib/starts.ts';

export { startsOptions as options } from '../lib/starts.ts';
export { handleSummary } from '../lib/summary.ts';

const refusedStarts = promised(context.refusedStarts, 'refusedStarts');

export const proof: Proof = {
  about:
    'Starts the service with settings that turn a protection off. Each start fails, with a message that ' +
    'names the setting.',
  judges: 'unsafe settings',
  clients: 1,
  ...startsTake(refusedStarts),
  conditions: [],
  holds: ['steady-state', 'unsafe-start-refused', 'recovers'],
};

export default (): Promise<void> =>
  tryStarts({
    'its own settings': {},
    ...Object.fromEntries(Object.entries(refusedStarts).map(([about, { settings }]) => [about, settings])),
  });
