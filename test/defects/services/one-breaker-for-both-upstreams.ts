/** Defect: both upstreams share one breaker, and a success of either resets the failures of the other. */
import { runWithParts } from '../run-with.ts';

await runWithParts(({ breakers }) => ({ breakers: { llm: breakers.llm, memory: breakers.llm } }));
