import { isPlainText } from '../../../faults/receipts/receipt.ts';
import { DATABASE } from '../../contract/uses-postgres.ts';
import type { HandshakeReceipt, RequestReceipt, UnusedReceipt } from '../../history/events.ts';
import { upstreamAnswer } from '../../history/upstream-answer.ts';
import type { Change } from '../../verdict/finding.ts';
import { whyNotThroughProxy } from '../lib/proxied.ts';

/** The requests that arrived at the upstreams during one call to an endpoint. */
export interface Arrivals {
  /** The endpoint's name in the contract. */
  readonly endpoint: string;
  /** The upstreams that the contract lists for it. */
  readonly expected: readonly string[];
  /** The requests, in order. */
  readonly requests: readonly RequestReceipt[];
  /** The TLS handshakes that failed, and those after which the service closed the connection without a request. */
  readonly handshakes: readonly (HandshakeReceipt | UnusedReceipt)[];
  /** The upstreams that the service calls through the lab's proxy. Defaults to none. */
  readonly proxied?: readonly string[];
}

/**
 * Explains why a call did not reach the upstreams as described, one line per reason. Each line says which part of the
 * contract or which of the service's settings to change.
 */
export function callHints(arrivals: Arrivals): string[] {
  const alike = Object.values(byRoute(arrivals.requests));
  return [
    ...arrivals.expected.flatMap((upstream) => absences(upstream, arrivals)),
    ...alike.flatMap(refusals),
    ...alike.flatMap((same) => repetition(same, arrivals)),
  ];
}

/**
 * Returns the changes with which the contract would describe a call that was served: the upstreams in `reaches` that it
 * reached, or a base path that the client adds itself. Returns none if an upstream in `reaches` was not reached,
 * because the service may call the real one instead of the lab's, and none if a request failed, because it may be a
 * retry.
 *
 * @param uncounted The upstreams in `reaches` whose calls can't be counted.
 */
export function callChanges(
  { endpoint, expected, requests }: Arrivals,
  uncounted: readonly string[],
): readonly Change[] {
  const doubled = requests.find(
    ({ unserved, status, route }) => unserved !== undefined && status === 404 && DOUBLED.test(route),
  );
  if (doubled) return [{ path: ['upstreams', doubled.upstream, 'basePath'] }];
  const reached = requests.map(({ upstream }) => upstream);
  const isSound = requests.every(({ status, unserved }) => isSuccess(status ?? 0) && unserved === undefined);
  if (!isSound || !expected.every((upstream) => reached.includes(upstream))) return [];
  if (reached.join() === expected.join()) return [];
  return [{ path: ['endpoints', endpoint, 'reaches'], value: [...reached, ...uncounted] }];
}

/** Returns which setting to change if no call reached an upstream or the database. */
export function absence(upstream: string, what: 'request' | 'connection'): string {
  if (upstream === DATABASE) {
    return (
      `no query reached ${upstream}: set the service's database URL to \${postgres} in environment, ` +
      'and not to ${postgres.tls}, because the lab cannot count queries inside TLS'
    );
  }
  const setting = what === 'request' ? 'base URL' : 'address';
  return `no ${what} reached ${upstream}: set the service's ${setting} for it to \${upstream.${upstream}} in environment`;
}

/** Explains why an upstream may get requests in plain text. */
export const plainTextHint = (upstream: string): string =>
  `${upstream} is called over http:// instead of https://: use \${upstream.${upstream}} as the base URL, ` +
  `or write \`tls: false\` in upstreams.${upstream} if the real one has no TLS`;

function absences(upstream: string, { requests, handshakes, proxied = [] }: Arrivals): string[] {
  if (requests.some((request) => request.upstream === upstream)) return [];
  const failed = handshakes.filter((handshake) => handshake.upstream === upstream);
  if (failed.length === 0) {
    return [proxied.includes(upstream) ? whyNotThroughProxy(upstream) : absence(upstream, 'request')];
  }
  if (failed.some((receipt) => receipt.kind === 'handshake-failed' && isPlainText(receipt))) {
    return [
      proxied.includes(upstream) ? `${upstream} is called over http:// instead of https://` : plainTextHint(upstream),
    ];
  }
  const errors = [
    ...new Set(failed.map((receipt) => (receipt.kind === 'closed-unused' ? 'closed after it' : receipt.error))),
  ].join(', ');
  return [
    `${failed.length} TLS handshakes with ${upstream} failed (${errors}): the service does not trust the lab's CA; ` +
      'pass it ${ca} in environment, for example as NODE_EXTRA_CA_CERTS, SSL_CERT_FILE or REQUESTS_CA_BUNDLE',
  ];
}

function refusals(same: readonly RequestReceipt[]): string[] {
  const refused = same.filter(({ status, unserved }) => (status ?? 0) >= 400 || unserved !== undefined);
  return [...new Set(refused.flatMap((receipt) => [upstreamAnswer(receipt), ...basePathHint(receipt)]))];
}

/** Matches a path that begins with the same segments twice, such as /openai/v1/openai/v1/models. */
const DOUBLED = /^\S+ (\/.+?)\1(\/|$)/;

/**
 * If an upstream doesn't know the path, the client may add a base path that is also in the URL, or the URL lacks it.
 */
function basePathHint({ upstream, route, status, unserved }: RequestReceipt): string[] {
  if (unserved === undefined || status !== 404) return [];
  const twice = DOUBLED.exec(route)?.[1];
  return twice === undefined
    ? [`if the real base URL has a path, such as /v1, write it in upstreams.${upstream}.basePath`]
    : [`the client adds ${twice} itself: remove it from upstreams.${upstream}.basePath`];
}

function repetition(same: readonly RequestReceipt[], { endpoint, expected }: Arrivals): string[] {
  const { upstream, route } = same[0] as RequestReceipt;
  const listed = expected.filter((name) => name === upstream).length;
  if (same.length <= Math.max(1, listed)) return [];
  const statuses = same.map(({ status }) => status ?? 'no answer').join(', ');
  return [
    `${upstream} got ${route} ${same.length} times (${statuses}): the service or its client retries; ` +
      `set its retries to 0, or list ${upstream} once per request in endpoints.${endpoint}.reaches`,
  ];
}

const isSuccess = (status: number): boolean => status >= 200 && status < 400;

const byRoute = (requests: readonly RequestReceipt[]): Record<string, RequestReceipt[]> =>
  Object.groupBy(requests, ({ upstream, route }) => `${upstream} ${route}`) as Record<string, RequestReceipt[]>;
