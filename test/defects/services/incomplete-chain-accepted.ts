/** Defect: a certificate is accepted although its issuer is missing from the chain. */

import { caughtBy } from '../defect.ts';
import { runWithMemoryAgentThatForgives } from '../run-with-agent.ts';

export const caught = caughtBy(
  'chaos/impostor',
  'impostor-gets-nothing',
  'refuses an untrusted certificate: mem0 incomplete-chain, activities-suggest',
);

if (import.meta.main) await runWithMemoryAgentThatForgives('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
