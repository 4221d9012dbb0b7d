/** Defect: each refusal of an open breaker costs more processor time than the call that it saves. */
import { runWithParts } from '../run-with.ts';

await runWithParts(({ breakers: { llm, memory } }) => ({
  breakers: {
    memory,
    llm: {
      get state() {
        return llm.state;
      },
      call(upstreamCall) {
        if (llm.state === 'open') burn(25);
        return llm.call(upstreamCall);
      },
      close: () => llm.close(),
    },
  },
}));

function burn(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}
