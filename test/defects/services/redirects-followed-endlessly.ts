/** Defect: redirects of an upstream are followed without a limit, although without credentials. */
import { Agent, interceptors } from 'undici';
import { caughtBy } from '../defect.ts';
import { runWithMemoryAgent } from '../run-with-agent.ts';

export const caught = caughtBy(
  'chaos/impostor',
  'redirects-get-no-credentials',
  'fails safely after a redirect: mem0 endless 303, activities-suggest',
  { says: 'without a limit' },
);

if (import.meta.main)
  await runWithMemoryAgent(new Agent().compose(interceptors.redirect({ maxRedirections: 100_000 })));
