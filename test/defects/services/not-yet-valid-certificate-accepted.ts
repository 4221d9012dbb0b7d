/** Defect: certificates are accepted before they become valid. */

import { caughtBy } from '../defect.ts';
import { runWithMemoryAgentThatForgives } from '../run-with-agent.ts';

export const caught = caughtBy(
  'chaos/impostor',
  'impostor-gets-nothing',
  'refuses an untrusted certificate: mem0 not-yet-valid, activities-suggest',
);

if (import.meta.main) await runWithMemoryAgentThatForgives('CERT_NOT_YET_VALID');
