/** Defect: an endpoint responds to every twentieth call with 500. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('load/ramp', 'bears-its-load', 'capacity: conversation-read');

let calls = 0;

if (import.meta.main)
  await runWithParts(({ limiters }) => ({
    limiters: {
      ...limiters,
      conversationsRead(request, response, next) {
        calls += 1;
        if (calls % 20 === 0) response.status(500).end();
        else limiters.conversationsRead(request, response, next);
      },
    },
  }));
