import { once } from 'node:events';
import { isIP } from 'node:net';
import { connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { type CalledUpstream, calledUpstreams } from './called-upstreams.ts';
import type { SeenCertificate } from './observations.ts';
import { type Seen, seen } from './seen.ts';

const TIMEOUT_MS = 5000;

/** Errors of a server that does not speak TLS, or no version that Node accepts. */
const NOT_TLS = /^(ERR_SSL_|EPROTO)/;

/**
 * Connects to each external API that the service calls over TLS and looks at its certificate. Nothing is sent.
 * @param ca Trusted CAs. By default, those of Node and NODE_EXTRA_CA_CERTS, as in the service.
 */
export async function observeCertificates(
  metrics: Seen<ReadonlyMap<string, number>>,
  ca?: string,
): Promise<Seen<readonly SeenCertificate[]>> {
  if ('missing' in metrics) return metrics;
  const upstreams = calledUpstreams(metrics.value);
  if (upstreams === undefined) return { missing: '/metrics does not show the external APIs' };
  return seen(() => Promise.all(upstreams.filter(({ isTls }) => isTls).map((upstream) => look(upstream, ca))));
}

async function look({ title, origin }: CalledUpstream, ca: string | undefined): Promise<SeenCertificate> {
  const { hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, '');
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const socket = connect({
    host,
    port: Number(port || 443),
    ...(isIP(host) === 0 && { servername: host }),
    ...(ca !== undefined && { ca }),
    // The socket reports the problem of a certificate that is not accepted, instead of closing the connection.
    rejectUnauthorized: false,
  });
  try {
    await once(socket, 'secureConnect', { signal });
    return { title, origin, ...judge(socket) };
  } catch (error) {
    const { code = '', message } = error as Error & { code?: string };
    if (NOT_TLS.test(code)) return { title, origin, problem: `no TLS connection is possible (${code})` };
    return { title, origin, unreachable: signal.aborted ? `no answer within ${TIMEOUT_MS} ms` : message };
  } finally {
    socket.destroy();
  }
}

function judge(socket: TLSSocket): Pick<SeenCertificate, 'problem' | 'terms'> {
  const terms = chainOf(socket.getPeerCertificate(true)).map(({ valid_from: from, valid_to: to }) => ({
    from: Date.parse(from),
    to: Date.parse(to),
  }));
  if (terms.length === 0) return { problem: 'the server presents no certificate' };
  return socket.authorized ? { terms } : { problem: `${socket.authorizationError}`, terms };
}

/** Returns a certificate and its issuers, as far as they are known. A root is its own issuer. */
function chainOf(leaf: DetailedPeerCertificate): DetailedPeerCertificate[] {
  const chain = new Set<DetailedPeerCertificate>();
  for (let next = leaf; next?.valid_to && !chain.has(next); next = next.issuerCertificate) chain.add(next);
  return [...chain];
}
