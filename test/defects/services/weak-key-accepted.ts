/** Defect: a certificate with a weak key is accepted. */
import { Agent } from 'undici';
import { runWithMemoryAgent } from '../run-with-agent.ts';

await runWithMemoryAgent(new Agent({ connect: { ciphers: 'DEFAULT@SECLEVEL=0' }, keepAliveTimeout: 1_000 }));
