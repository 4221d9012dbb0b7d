import type { Proof } from '../../harness/contract/proof.ts';
import { distinctClients } from '../lib/context.ts';
import { NUMBERS_HOLD, numbersClients, numbersPlan, numbersSeconds, useNumbers } from '../lib/promised-numbers.ts';

export { numbersOptions as options } from '../lib/promised-numbers.ts';
export { handleSummary } from '../lib/summary.ts';

export const proof: Proof = {
  about:
    'Starts the service with numbers that differ from those of all other profiles. Uses up each limit, opens each breaker, ' +
    'and makes upstream calls hang. The service keeps these numbers, too, so it reads its settings.',
  judges: 'numbers that settings change',
  clients: distinctClients(numbersClients),
  seconds: numbersSeconds,
  conditions: [],
  profile: 'changed',
  holds: NUMBERS_HOLD,
  plan: numbersPlan,
};

export default useNumbers;
