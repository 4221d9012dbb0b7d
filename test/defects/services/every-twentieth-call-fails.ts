/** Defect: an endpoint responds to every twentieth call with 500. */
import { runWithParts } from '../run-with.ts';

let calls = 0;

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
