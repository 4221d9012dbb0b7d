import type { Proof } from '../../harness/contract/proof.ts';
import { context, promised } from '../lib/context.ts';
import { startsTake, tryStarts } from '../lib/starts.ts';

export { startsOptions as options } from '../lib/starts.ts';
export { handleSummary } from '../lib/summary.ts';

const { setting, weak, strong } = promised(context.secret, 'secret');

export const proof: Proof = {
  about:
    'Starts the service with weak secret keys and with a strong one. Weak keys are rejected, with a message that ' +
    'says what to do.',
  judges: 'weak secrets',
  clients: 1,
  ...startsTake({ ...strong, ...weak }),
  conditions: [],
  holds: ['steady-state', 'strong-secret-accepted', 'weak-secret-refused', 'recovers'],
};

export default (): Promise<void> =>
  tryStarts({
    'a strong secret': {},
    ...Object.fromEntries(
      Object.entries({ ...strong, ...weak }).map(([about, value]) => [about, { [setting]: value }]),
    ),
  });
