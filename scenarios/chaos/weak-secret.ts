import type { Proof } from '../../harness/contract/proof.ts';
import { context, promised } from '../lib/context.ts';
import { tryStarts } from '../lib/starts.ts';

export { startsOptions as options } from '../lib/starts.ts';
export { handleSummary } from '../lib/summary.ts';

const { setting, weak, strong } = promised(context.secret, 'secret');

export const proof: Proof = {
  about: 'A weak or default secret key is refused when the service starts, in words that say what to do.',
  judges: 'weak secrets',
  clients: 1,
  seconds: 3 + Object.keys({ ...strong, ...weak }).length,
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
