/** Defect: a certificate for another host name is accepted. */
import { Agent } from 'undici';
import { runWithMemoryAgent } from '../run-with-agent.ts';

await runWithMemoryAgent(
  new Agent({ connect: { checkServerIdentity: () => undefined }, allowH2: false, keepAliveTimeout: 1_000 }),
);
