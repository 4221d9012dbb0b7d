/** Defect: expired certificates are accepted. */

import { caughtBy } from '../defect.ts';
import { runWithMemoryAgentThatForgives } from '../run-with-agent.ts';

export const caught = caughtBy(
  'chaos/impostor',
  'impostor-gets-nothing',
  'refuses an untrusted certificate: mem0 expired, activities-suggest',
);

if (import.meta.main) await runWithMemoryAgentThatForgives('CERT_HAS_EXPIRED');
