/** Defect: a timeout of the LLM counts at once, also if its answer arrived while the service was stopped. */
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'chaos/freeze',
  'frozen-calls-served',
  'served after a freeze: conversation-end at groq',
  { inTests: true },
);

if (import.meta.main)
  await runWithParts(({ llm }, { upstreams: { timeoutMs } }) => ({
    llm: {
      invoke(...args) {
        const late = Promise.withResolvers<never>();
        const timer = setTimeout(
          () => late.reject(new UpstreamError('llm', 'no answer within the timeout')),
          timeoutMs,
        );
        return Promise.race([llm.invoke(...args), late.promise]).finally(() => clearTimeout(timer));
      },
    },
  }));
