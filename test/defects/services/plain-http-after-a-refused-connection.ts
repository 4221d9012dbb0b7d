/** Defect: after a refused connection, all calls are sent in plain text, with the API key. */

import { caughtBy } from '../defect.ts';
import { runWithPlainMemory } from '../run-with-agent.ts';

export const caught = caughtBy('chaos/impostor', 'upstreams-over-tls', 'upstreams called over TLS only', {
  says: 'mem0: plain text (ERR_SSL_HTTP_REQUEST)',
});

if (import.meta.main) await runWithPlainMemory((code) => code === 'ECONNREFUSED', true);
