/** Defect: one upstream's certificate is not verified. */
import { createUpstreamAgent } from '../../../service/upstreams/tls.ts';
import { runWithMemoryAgent } from '../run-with-agent.ts';

await runWithMemoryAgent(createUpstreamAgent({ verify: false }));
