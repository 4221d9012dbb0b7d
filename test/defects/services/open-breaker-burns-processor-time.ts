/** Defect: rejecting a call while a breaker is open uses more CPU time than the call would. */
import { aroundBreaker } from '../around-breaker.ts';
import { runWithParts } from '../run-with.ts';

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

function burn(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}
