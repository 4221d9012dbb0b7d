/** Defect: an endpoint responds to every twentieth call with 500. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('gate/steady-load', 'load-served', 'serves docs under load');

let calls = 0;

if (import.meta.main)
  await runWithParts(({ limiters }) => ({
    limiters: {
      ...limiters,
      docs(request, response, next) {
        calls += 1;
        if (calls % 20 === 0) response.status(500).end();
        else limiters.docs(request, response, next);
      },
    },
  }));
