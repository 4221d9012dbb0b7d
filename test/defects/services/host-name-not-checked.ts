/** Defect: a certificate for another host name is accepted. */
import { Agent } from 'undici';
import { caughtBy } from '../defect.ts';
import { runWithMemoryAgent } from '../run-with-agent.ts';

export const caught = caughtBy(
  'chaos/impostor',
  'impostor-gets-nothing',
  'refuses an untrusted certificate: mem0 wrong-host, activities-suggest',
);

if (import.meta.main)
  await runWithMemoryAgent(
    new Agent({ connect: { checkServerIdentity: () => undefined }, allowH2: false, keepAliveTimeout: 1_000 }),
  );
