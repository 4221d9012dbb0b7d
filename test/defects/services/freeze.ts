import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { caughtBy, runNamed } from '../defect.ts';
import { PlainBreaker, withLlmBreaker } from '../plain-breaker.ts';
import { withInvoke } from '../run-with.ts';

/** Between the timeout of a call and the time of a freeze. */
const TOO_LONG_MS = 2_400;

export const defects = [
  ...caughtBy('chaos/freeze', 'freeze-counts-nothing', {
    // The LLM's breaker counts a call that took longer than its timeout, although it was served after a pause.
    'pause-opens-breaker': {
      check: 'counts nothing in a freeze: llm',
      run: withLlmBreaker(
        class extends PlainBreaker {
          override async call<T>(upstreamCall: () => Promise<T>): Promise<T> {
            const began = performance.now();
            let result: { readonly value: T } | undefined;
            const timed = super.call(async () => {
              result = { value: await upstreamCall() };
              if (performance.now() - began > TOO_LONG_MS) throw new UpstreamError('llm', 'it took too long');
              return result.value;
            });
            return timed.catch((error) => {
              if (result) return result.value;
              throw error;
            });
          }
        },
      ),
    },
  }),
  ...caughtBy('chaos/freeze', 'frozen-calls-served', {
    // A timeout of the LLM counts at once, also if its answer arrived while the service was stopped.
    'answer-behind-a-pause-not-read': {
      check: 'served after a freeze: conversation-end at groq',
      run: withInvoke((llm, _parts, { upstreams: { timeoutMs } }) => (...args) => {
        const late = Promise.withResolvers<never>();
        const timer = setTimeout(
          () => late.reject(new UpstreamError('llm', 'no answer within the timeout')),
          timeoutMs,
        );
        return Promise.race([llm.invoke(...args), late.promise]).finally(() => clearTimeout(timer));
      }),
    },
  }),
];

if (import.meta.main) await runNamed(defects);
