/** Defect: after a refused connection, all calls are sent in plain text, with the API key. */
import { runWithPlainMemory } from '../run-with-agent.ts';

await runWithPlainMemory((code) => code === 'ECONNREFUSED', true);
