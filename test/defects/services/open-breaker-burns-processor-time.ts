/** Defect: rejecting a call while a breaker is open uses more CPU time than the call would. */
import { aroundBreaker } from '../around-breaker.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('chaos/llm-breaker-benefit', 'breaker-benefit', 'no more processor time');

function burn(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

if (import.meta.main)
  await runWithParts(({ breakers: { llm, memory } }) => ({
    breakers: {
      memory,
      llm: aroundBreaker(llm, {
        refusal() {
          if (llm.state === 'open') burn(60);
          return llm.refusal();
        },
      }),
    },
  }));
