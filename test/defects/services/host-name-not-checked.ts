/** Defect: a certificate for another host is as good as any. */
import { Agent } from 'undici';
import { runWithMemoryAgent } from '../run-with-agent.ts';

await runWithMemoryAgent(
  new Agent({ connect: { checkServerIdentity: () => undefined }, allowH2: false, keepAliveTimeout: 1_000 }),
);
