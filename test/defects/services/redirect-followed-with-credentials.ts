/** Defect: redirects of an upstream are followed to any host, and each request gets the API key. */
import { Agent, type Dispatcher, interceptors } from 'undici';
import { caughtBy } from '../defect.ts';
import { runWithMemoryAgent } from '../run-with-agent.ts';

export const caught = caughtBy(
  'chaos/impostor',
  'redirects-get-no-credentials',
  'fails safely after a redirect: mem0 307 to https, activities-suggest',
  { says: 'authorization: token reached another host', inTests: true },
);

/** Adds the key below the code that follows redirects, which removes it from requests to another host. */
const withKey: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
  dispatch({ ...options, headers: { ...options.headers, authorization: 'Token m0-proofload' } }, handler);

if (import.meta.main)
  await runWithMemoryAgent(new Agent().compose(withKey, interceptors.redirect({ maxRedirections: 5 })));
