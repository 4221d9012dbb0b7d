/** Defect: one of the two upstreams may show any certificate. */
import { createUpstreamAgent } from '../../../service/upstreams/tls.ts';
import { runWithMemoryAgent } from '../run-with-agent.ts';

await runWithMemoryAgent(createUpstreamAgent({ verify: false }));
