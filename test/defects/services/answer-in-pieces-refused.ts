/** Defect: a response is considered complete after its first chunk. */
import { Agent } from 'undici';
import { caughtBy } from '../defect.ts';
import { runWithMemoryAgent } from '../run-with-agent.ts';

export const caught = caughtBy('chaos/memory-failure-policy', 'failure-policy', 'harmless to memory: …split-chunks…');

type Handler = Parameters<Agent['dispatch']>[1];

if (import.meta.main)
  await runWithMemoryAgent(
    new Agent({ keepAliveTimeout: 1_000 }).compose((dispatch) => (options, handler) => {
      let isFirst = true;
      const firstOnly: Handler = {
        onRequestStart: (...given) => handler.onRequestStart?.(...given),
        onResponseStart: (...given) => handler.onResponseStart?.(...given),
        onResponseData(controller, chunk) {
          if (isFirst) handler.onResponseData?.(controller, chunk);
          isFirst = false;
        },
        onResponseEnd: (...given) => handler.onResponseEnd?.(...given),
        onResponseError: (...given) => handler.onResponseError?.(...given),
      };
      return dispatch(options, firstOnly);
    }),
  );
