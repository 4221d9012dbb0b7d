/** Defect: after its first timeout, a new client is created, and it verifies no certificate. */
import { caughtBy } from '../defect.ts';
import { runWithMemoryUnverifiedAfter } from '../run-with-agent.ts';

export const caught = caughtBy(
  'chaos/slow-upstream',
  'impostor-gets-nothing',
  'still refuses an untrusted certificate after timeouts: mem0 self-signed, activities-suggest',
  { says: 'After timeouts, the service called the upstream without verifying its certificate' },
);

if (import.meta.main) await runWithMemoryUnverifiedAfter(({ name }) => name === 'TimeoutError');
