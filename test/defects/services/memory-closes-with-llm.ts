/** Defect: when the LLM's breaker closes, the memory API's breaker closes too. */

import { caughtBy } from '../defect.ts';
import { PlainBreaker } from '../plain-breaker.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('chaos/both-outages', 'outages-apart', 'stays open while its upstream is out: memory');

if (import.meta.main)
  await runWithParts((parts, { breakers }) => {
    let memory = new PlainBreaker('memory', parts, breakers);
    class AllIsWell extends PlainBreaker {
      protected override succeeded(began: PlainBreaker['state']) {
        super.succeeded(began);
        if (began === 'half_open') memory = new PlainBreaker('memory', parts, breakers);
      }
    }
    return {
      breakers: {
        llm: new AllIsWell('llm', parts, breakers),
        memory: {
          get state() {
            return memory.state;
          },
          call: (upstreamCall) => memory.call(upstreamCall),
          refusal: () => memory.refusal(),
          close: () => memory.close(),
        },
      },
    };
  });
