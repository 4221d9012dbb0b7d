import type { Proof } from '../../harness/contract/proof.ts';
import { distinctClients } from '../lib/context.ts';
import { NUMBERS_HOLD, numbersClients, numbersPlan, numbersSeconds, useNumbers } from '../lib/promised-numbers.ts';

export { numbersOptions as options } from '../lib/promised-numbers.ts';
export { handleSummary } from '../lib/summary.ts';

export const proof: Proof = {
  about:
    'Starts the service with the production numbers, which are its defaults. Uses up each limit, opens each breaker, ' +
    'and makes upstream calls hang. Limits, thresholds, Retry-After and timeouts of calls match the specification. ' +
    'Limits and breakers keep refusing for the 13 s for which they are watched, a limit also while 1,100 other clients come. If a call may last longer than the end of ' +
    'the service, the service is ended during one.',
  judges: 'specified numbers',
  clients: distinctClients(numbersClients),
  seconds: numbersSeconds,
  conditions: [],
  profile: 'production',
  holds: NUMBERS_HOLD,
  plan: numbersPlan,
};

export default useNumbers;
