import { Agent } from 'undici';

// An idle connection is let go before a server would close it, which else meets the next request as a reset.
const IDLE_CONNECTION_MS = 1000;
// An answer is a few kilobytes; one that does not end must not fill the memory.
const LARGEST_ANSWER_BYTES = 1_048_576;

/**
 * The connections to the external APIs. With `verify` (SSL_VERIFY_ENABLED), a certificate that Node's CAs and those of
 * NODE_EXTRA_CA_CERTS don't vouch for, or that names another host, ends the connection before a byte of a request is
 * sent. Without, any certificate is accepted: for development only (specification, SSL verification).
 */
export function createUpstreamAgent({ verify }: { readonly verify: boolean }): Agent {
  return new Agent({
    connect: { rejectUnauthorized: verify },
    keepAliveTimeout: IDLE_CONNECTION_MS,
    keepAliveMaxTimeout: IDLE_CONNECTION_MS,
    maxResponseSize: LARGEST_ANSWER_BYTES,
    // HTTP/2 lets a client send a refused stream again; one call here is one request there.
    allowH2: false,
    // The deadline of the whole call (JsonClientOptions.timeoutMs) stands in for the single steps' ones.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}
