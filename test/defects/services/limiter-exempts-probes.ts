/** Defect: the probes of an orchestrator are not counted, no matter who claims to be one. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'stress/identity',
  'rate-limit-identity',
  'forged identities gain nothing: conversation-read',
  { says: 'User-Agent are exempt from the limit: kube-probe/1.32.' },
);

if (import.meta.main)
  await runWithParts(({ limiters }) => ({
    limiters: {
      ...limiters,
      conversationsRead: (request, response, next) =>
        request.headers['user-agent']?.startsWith('kube-probe/')
          ? next()
          : limiters.conversationsRead(request, response, next),
    },
  }));
