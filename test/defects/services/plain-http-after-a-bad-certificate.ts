/** Defect: a call whose certificate is bad is sent again in plain text, with the API key. */
import { runWithPlainMemory } from '../run-with-agent.ts';

await runWithPlainMemory((code) => /CERT|SIGNATURE|UNSPECIFIED/.test(code), false);
