import { Agent } from 'undici';

// Shorter than servers keep idle connections open. If the server closes a connection first, the next request on it
// fails.
const IDLE_CONNECTION_MS = 1000;
// Responses are a few kilobytes. An endless response must not fill the memory.
const LARGEST_ANSWER_BYTES = 1_048_576;

/**
 * Creates the connection pool for the external APIs. If `verify` (SSL_VERIFY_ENABLED) is true, a certificate must match
 * the host name and be trusted by the CAs in Node or in NODE_EXTRA_CA_CERTS. Otherwise the connection is closed before
 * any data is sent. If `verify` is false, all certificates are accepted, which is only meant for development
 * (specification, SSL verification).
 */
export function createUpstreamAgent({ verify }: { readonly verify: boolean }): Agent {
  return new Agent({
    connect: { rejectUnauthorized: verify },
    keepAliveTimeout: IDLE_CONNECTION_MS,
    keepAliveMaxTimeout: IDLE_CONNECTION_MS,
    maxResponseSize: LARGEST_ANSWER_BYTES,
    // HTTP/2 allows clients to resend a rejected stream, but each call must be a single request.
    allowH2: false,
    // The timeout for the whole call (JsonClientOptions.timeoutMs) covers these phases.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}
