/** Defect: HEAD requests are not counted. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('stress/identity', 'rate-limit-identity', 'forged identities gain nothing: metrics');

if (import.meta.main)
  await runWithParts(({ limiters }) => ({
    limiters: {
      ...limiters,
      metrics: (request, response, next) =>
        request.method === 'HEAD' ? next() : limiters.metrics(request, response, next),
    },
  }));
