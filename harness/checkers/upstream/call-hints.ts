import type { Receipt } from '../../history/events.ts';
import { upstreamAnswer } from '../../history/upstream-answer.ts';

/** What arrived at the upstreams during one call to an endpoint. */
export interface Arrivals {
  /** The endpoint's name in the contract. */
  readonly endpoint: string;
  /** The upstreams that the contract lists for it. */
  readonly expected: readonly string[];
  /** The requests, in order. */
  readonly requests: readonly Receipt[];
  /** The TLS handshakes that failed. */
  readonly handshakes: readonly Receipt[];
}

/**
 * Explains why a call did not reach the upstreams as described, one line per reason. Each line says which part of the
 * contract or which of the service's settings to change.
 */
export function callHints(arrivals: Arrivals): string[] {
  const alike = Object.values(byRoute(arrivals.requests));
  return [
    ...arrivals.expected.flatMap((upstream) => absence(upstream, arrivals)),
    ...alike.flatMap(refusals),
    ...alike.flatMap((same) => repetition(same, arrivals)),
  ];
}

function absence(upstream: string, { requests, handshakes }: Arrivals): string[] {
  if (requests.some((request) => request.upstream === upstream)) return [];
  const failed = handshakes.filter((handshake) => handshake.upstream === upstream);
  if (failed.length === 0) {
    return [
      `no request came to ${upstream}: set the service's base URL for it to \${upstream.${upstream}} in environment`,
    ];
  }
  const errors = [...new Set(failed.map(({ error }) => error))].join(', ');
  return [
    `${failed.length} TLS handshakes with ${upstream} failed (${errors}): the service does not trust the lab's CA; ` +
      'pass it ${ca} in environment, for example as NODE_EXTRA_CA_CERTS or SSL_CERT_FILE',
  ];
}

function refusals(same: readonly Receipt[]): string[] {
  const refused = same.filter(({ status }) => (status ?? 0) >= 400);
  return [...new Set(refused.map(upstreamAnswer))];
}

function repetition(same: readonly Receipt[], { endpoint, expected }: Arrivals): string[] {
  const { upstream, route } = same[0] as Receipt;
  const listed = expected.filter((one) => one === upstream).length;
  if (same.length <= Math.max(1, listed)) return [];
  const statuses = same.map(({ status }) => status ?? 'no answer').join(', ');
  return [
    `${upstream} got ${route} ${same.length} times (${statuses}): the service or its client retries; ` +
      `set its retries to 0, or list ${upstream} once per request in endpoints.${endpoint}.reaches`,
  ];
}

const byRoute = (requests: readonly Receipt[]): Record<string, Receipt[]> =>
  Object.groupBy(requests, ({ upstream, route }) => `${upstream} ${route}`) as Record<string, Receipt[]>;
