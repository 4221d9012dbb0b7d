/** Defect: a request that claims to be internal is not counted. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'stress/identity',
  'rate-limit-identity',
  'forged identities gain nothing: conversation-read',
  { says: 'X-Internal-Request' },
);

if (import.meta.main)
  await runWithParts(({ limiters }) => ({
    limiters: {
      ...limiters,
      conversationsRead: (request, response, next) =>
        request.headers['x-internal-request'] ? next() : limiters.conversationsRead(request, response, next),
    },
  }));
