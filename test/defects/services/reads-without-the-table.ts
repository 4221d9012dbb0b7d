/** Defect: conversations are not read from the table named in the contract. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'stress/smoke',
  'pool-endpoint-reads-table',
  'conversation-read reads conversation_events',
);

if (import.meta.main)
  await runWithParts(({ limiters }) => ({
    limiters: { ...limiters, conversationsRead: (_request, response) => response.status(404).end() },
  }));
