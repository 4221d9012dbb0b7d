/** Defect: a refusal of an open breaker costs more processor time than the call that it saves. */
import { aroundBreaker } from '../around-breaker.ts';
import { runWithParts } from '../run-with.ts';

await runWithParts(({ breakers: { llm, memory } }) => ({
  breakers: {
    memory,
    llm: aroundBreaker(llm, {
      refusal() {
        if (llm.state === 'open') burn(25);
        return llm.refusal();
      },
    }),
  },
}));

function burn(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}
