/** Defect: a certificate with a weak key is accepted. */
import { Agent } from 'undici';
import { caughtBy } from '../defect.ts';
import { runWithMemoryAgent } from '../run-with-agent.ts';

export const caught = caughtBy(
  'chaos/impostor',
  'impostor-gets-nothing',
  'refuses an untrusted certificate: mem0 weak-key, activities-suggest',
  { says: 'an RSA key of 1,024 bits is too small' },
);

if (import.meta.main)
  await runWithMemoryAgent(new Agent({ connect: { ciphers: 'DEFAULT@SECLEVEL=0' }, keepAliveTimeout: 1_000 }));
