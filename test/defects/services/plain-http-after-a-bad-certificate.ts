/** Defect: a call whose certificate is bad is sent again in plain text, with the API key. */

import { caughtBy } from '../defect.ts';
import { runWithPlainMemory } from '../run-with-agent.ts';

export const caught = caughtBy(
  'chaos/impostor',
  'impostor-gets-nothing',
  'refuses an untrusted certificate: mem0 self-signed, activities-suggest',
  { says: 'its API key in clear text', inTests: true },
);

if (import.meta.main) await runWithPlainMemory((code) => /CERT|SIGNATURE|UNSPECIFIED/.test(code), false);
