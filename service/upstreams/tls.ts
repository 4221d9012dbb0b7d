import { Agent } from 'undici';

// Shorter than servers keep idle connections. A connection that the server closes would reset the next request.
const IDLE_CONNECTION_MS = 1000;
// Responses are a few kilobytes. An endless response must not fill the memory.
const LARGEST_ANSWER_BYTES = 1_048_576;

/**
 * Creates the connection pool for the external APIs. With `verify` (SSL_VERIFY_ENABLED), a certificate must be trusted
 * by the CAs of Node or of NODE_EXTRA_CA_CERTS and match the host name; otherwise the connection is closed before any
 * data is sent. Without `verify`, all certificates are accepted, which is for development only (specification, SSL
 * verification).
 */
export function createUpstreamAgent({ verify }: { readonly verify: boolean }): Agent {
  return new Agent({
    connect: { rejectUnauthorized: verify },
    keepAliveTimeout: IDLE_CONNECTION_MS,
    keepAliveMaxTimeout: IDLE_CONNECTION_MS,
    maxResponseSize: LARGEST_ANSWER_BYTES,
    // HTTP/2 allows clients to resend a refused stream, but each call must be one request.
    allowH2: false,
    // The timeout of the whole call (JsonClientOptions.timeoutMs) covers these phases.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}
