/** Defect: after a lost connection, a new client is created, and it verifies no certificate. */
import { caughtBy } from '../defect.ts';
import { runWithMemoryUnverifiedAfter } from '../run-with-agent.ts';

export const caught = caughtBy(
  'chaos/impostor',
  'impostor-gets-nothing',
  'still refuses an untrusted certificate after lost connections: mem0 wrong-host, conversation-end',
  { says: 'After lost connections, the service called the upstream without verifying its certificate' },
);

if (import.meta.main) await runWithMemoryUnverifiedAfter(({ code }) => code === 'ECONNRESET');
