import type { PromisedCalls } from '../../mocks/promised-calls.ts';

/** The promise for an upstream whose calls the contract doesn't describe. */
const ONCE: PromisedCalls = { attempts: 1, never: [] };

/** Returns what a contract promises about the service's calls to an upstream. By default, each is attempted once. */
export function promisedCallsOf(
  { upstreams }: { readonly upstreams: Readonly<Record<string, { readonly calls?: unknown }>> },
  upstream: string,
): PromisedCalls {
  const calls = upstreams[upstream]?.calls;
  // In a TCP upstream, it is the name of what counts as a call.
  return typeof calls === 'object' ? (calls as PromisedCalls) : ONCE;
}
