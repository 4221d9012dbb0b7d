/** Defect: the input of a call of the memory API is in a variable that all requests share. */
import { setTimeout as sleep } from 'node:timers/promises';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('stress/smoke', 'endpoints-reach-upstreams', 'callers kept apart: … at mem0');

if (import.meta.main)
  await runWithParts(({ memory }) => {
    let current: Parameters<typeof memory.extract>[0];
    return {
      memory: {
        ...memory,
        async extract(input, budget) {
          current = input;
          await sleep(5);
          return memory.extract(current, budget);
        },
      },
    };
  });
