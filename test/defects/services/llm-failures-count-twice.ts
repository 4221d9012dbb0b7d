/** Defect: up to three failures of the LLM also count for the memory API's breaker. */

import { caughtBy } from '../defect.ts';
import { PlainBreaker } from '../plain-breaker.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('chaos/both-outages', 'outages-apart', 'opens independently: memory', {
  says: 'It counts other failures, too',
});

class Memory extends PlainBreaker {
  alsoFailed(): void {
    if (this.failures < 3) this.failures += 1;
  }
}

if (import.meta.main)
  await runWithParts((parts, { breakers }) => {
    const memory = new Memory('memory', parts, breakers);
    class Llm extends PlainBreaker {
      protected override failed(began: PlainBreaker['state']) {
        super.failed(began);
        memory.alsoFailed();
      }
    }
    return { breakers: { llm: new Llm('llm', parts, breakers), memory } };
  });
