/** Defect: a client address in a proxy vendor's header is trusted, no matter who sends it. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'stress/identity',
  'rate-limit-identity',
  'forged identities gain nothing: conversation-end',
  { says: 'exempts it from the limit: Fly-Client-IP.' },
);

if (import.meta.main)
  await runWithParts(({ limiters }) => ({
    limiters: {
      ...limiters,
      conversationsEnd: (request, response, next) =>
        request.headers['fly-client-ip'] ? next() : limiters.conversationsEnd(request, response, next),
    },
  }));
