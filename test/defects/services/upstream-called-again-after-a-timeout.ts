/** Defect: a call that timed out is sent again in the background, although its caller has got an error. */
import { systemClock } from '../../../service/base/clock.ts';
import { RequestBudget } from '../../../service/upstreams/request-budget.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'chaos/retry-amplification',
  'upstream-attempts',
  'attempts at groq: …, conversation-end',
);

/** The request arrives while later calls fail. */
const LATER_MS = 400;

if (import.meta.main)
  await runWithParts(({ llm }, { upstreams: { timeoutMs } }) => ({
    llm: {
      invoke: (prompt, budget) =>
        llm.invoke(prompt, budget).catch((error: Error) => {
          const again = () => llm.invoke(prompt, new RequestBudget(2 * timeoutMs, systemClock)).catch(() => {});
          if (error.message.includes('no answer within')) setTimeout(again, LATER_MS);
          throw error;
        }),
    },
  }));
