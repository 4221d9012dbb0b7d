/** Defect: the timeout for the LLM API applies to each read of a response instead of the whole call. */
import { Agent } from 'undici';
import { systemClock } from '../../../service/base/clock.ts';
import { createMetrics } from '../../../service/observability/metrics.ts';
import { createBreakers } from '../../../service/protections/breakers.ts';
import { createBulkhead } from '../../../service/upstreams/bulkhead.ts';
import { createGroqClient } from '../../../service/upstreams/groq.ts';
import { createJsonClient } from '../../../service/upstreams/json-client.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('chaos/slow-upstream', 'slow-upstream-bounded', 'times out late answers: llm');

const WHOLE_CALL_MS = 10_000;

if (import.meta.main)
  await runWithParts((_parts, { groq, breakers, upstreams: { countTooManyRequests, concurrencyMax } }, logger) => {
    const post = createJsonClient({
      upstream: 'llm',
      dispatcher: new Agent({ headersTimeout: 1_500, bodyTimeout: 1_500 }),
      baseUrl: groq.baseUrl,
      authorization: `Bearer ${groq.apiKey}`,
      timeoutMs: WHOLE_CALL_MS,
      countTooManyRequests,
      bulkhead: createBulkhead('llm', concurrencyMax),
    });
    return {
      llm: createGroqClient(post, groq.model),
      // The breakers have a timeout as well, which would end the call.
      breakers: createBreakers(breakers, {
        upstreamTimeoutMs: WHOLE_CALL_MS,
        clock: systemClock,
        logger,
        metrics: createMetrics(),
      }),
    };
  });
