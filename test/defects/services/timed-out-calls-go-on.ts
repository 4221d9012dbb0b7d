/** Defect: a call to the LLM times out for the breaker and for the caller, but the request goes on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from 'undici';
import { systemClock } from '../../../service/base/clock.ts';
import { createBulkhead } from '../../../service/upstreams/bulkhead.ts';
import { createGroqClient } from '../../../service/upstreams/groq.ts';
import { createJsonClient } from '../../../service/upstreams/json-client.ts';
import { RequestBudget } from '../../../service/upstreams/request-budget.ts';
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'chaos/retry-amplification',
  'timed-out-calls-end',
  'ends calls that timed out: groq hang, conversation-end',
);

const ENDLESS_MS = 60_000;

if (import.meta.main)
  await runWithParts((_parts, { groq, upstreams: { timeoutMs, countTooManyRequests, concurrencyMax } }) => {
    const post = createJsonClient({
      upstream: 'llm',
      dispatcher: new Agent(),
      baseUrl: groq.baseUrl,
      authorization: `Bearer ${groq.apiKey}`,
      timeoutMs: ENDLESS_MS,
      countTooManyRequests,
      bulkhead: createBulkhead('llm', concurrencyMax),
    });
    const llm = createGroqClient(post, groq.model);
    const tooLate = () =>
      sleep(timeoutMs).then(() => {
        throw new UpstreamError('llm', 'no answer in time');
      });
    return {
      llm: {
        invoke: (prompt) => Promise.race([llm.invoke(prompt, new RequestBudget(ENDLESS_MS, systemClock)), tooLate()]),
      },
    };
  });
