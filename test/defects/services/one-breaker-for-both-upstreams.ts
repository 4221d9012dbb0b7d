/** Defect: both upstreams share one breaker, and a success of either resets the failures of the other. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('chaos/llm-outage', 'breaker-opens', 'opens at the threshold', {
  says: 'It shares a breaker with memory',
});

if (import.meta.main) await runWithParts(({ breakers }) => ({ breakers: { llm: breakers.llm, memory: breakers.llm } }));
