/** Defect: one upstream's certificate is not verified. */
import { createUpstreamAgent } from '../../../service/upstreams/tls.ts';
import { caughtBy } from '../defect.ts';
import { runWithMemoryAgent } from '../run-with-agent.ts';

export const caught = caughtBy(
  'chaos/impostor',
  'impostor-gets-nothing',
  'refuses an untrusted certificate: mem0 unknown-ca, activities-suggest',
);

if (import.meta.main) await runWithMemoryAgent(createUpstreamAgent({ verify: false }));
