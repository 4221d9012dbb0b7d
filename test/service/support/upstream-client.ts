import { createBulkhead } from '../../../service/upstreams/bulkhead.ts';
import type { JsonClientOptions } from '../../../service/upstreams/json-client.ts';
import { createUpstreamAgent } from '../../../service/upstreams/tls.ts';

/** Returns options for an LLM client for `baseUrl` that has its own connections. Close them after use. */
export function clientOptions(baseUrl: string, overrides: Partial<JsonClientOptions> = {}) {
  const agent = createUpstreamAgent({ verify: true });
  const options: JsonClientOptions = {
    upstream: 'llm',
    baseUrl,
    authorization: 'Bearer key',
    timeoutMs: 5000,
    bulkhead: createBulkhead('llm', 50),
    countTooManyRequests: true,
    dispatcher: agent,
    ...overrides,
  };
  return { options, [Symbol.asyncDispose]: () => agent.destroy() };
}
