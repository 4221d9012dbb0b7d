/** Defect: reads run one at a time, so the service handles less load than promised. */
import { setTimeout as pause } from 'node:timers/promises';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('load/ramp', 'bears-its-load', 'capacity: conversation-read');

if (import.meta.main)
  await runWithParts(({ limiters }) => {
    let last: Promise<void> = Promise.resolve();
    return {
      limiters: {
        ...limiters,
        conversationsRead: async (request, response, next) => {
          last = last.then(() => pause(40));
          await last;
          limiters.conversationsRead(request, response, next);
        },
      },
    };
  });
