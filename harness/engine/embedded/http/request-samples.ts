import { now } from '../metrics/collector.ts';
import type { Metric } from '../metrics/metric.ts';
import type { Tags } from '../metrics/tags.ts';
import type { Vu } from '../vu/vu.ts';
import type { NetworkError } from './network-error.ts';
import type { Timings } from './timings.ts';

/** Scripts that ask for a new address each time are not to fill the memory. */
const MOST_KINDS = 100;

/** One request that went out, and what is counted of it. */
export interface MeasuredRequest {
  readonly method: string;
  /** What its `url` tag says, unless `name` is given. */
  readonly url: string;
  /** What its `name` tag says, and then its `url` tag too; empty for the URL. */
  readonly name: string;
  readonly tags: Tags;
  /** 0 where there was no answer. */
  readonly status: number;
  readonly error: NetworkError | null;
  readonly timings: Timings;
  /** undefined where nobody judges. */
  readonly expected: boolean | undefined;
  readonly tlsVersion: string;
  readonly ip: string;
}

/** Feeds the http_req* metrics with one request, tagged as k6 does (golden records 37, 40 and 42). */
export function recordRequest(vu: Vu, request: MeasuredRequest): void {
  const { collector, metrics } = vu.test;
  const { timings } = request;
  const tags = tagsOf(vu, request);
  const metadata = vu.tags.metadata;
  const time = now();
  const add = (metric: Metric, value: number) => collector.add(metric, value, tags, metadata, time);
  add(metrics.httpReqs, 1);
  add(metrics.httpReqDuration, timings.duration);
  add(metrics.httpReqBlocked, timings.blocked);
  add(metrics.httpReqConnecting, timings.connecting);
  add(metrics.httpReqTls, timings.tls_handshaking);
  add(metrics.httpReqSending, timings.sending);
  add(metrics.httpReqWaiting, timings.waiting);
  add(metrics.httpReqReceiving, timings.receiving);
  const intended = vu.test.strictMetrics?.httpReqIntendedDuration;
  if (intended && vu.lateness !== null) add(intended, vu.lateness + timings.blocked + timings.duration);
  if (request.expected !== undefined) add(metrics.httpReqFailed, request.expected ? 0 : 1);
}

/** k6's `error_code`: 1000 + status from 400 on; 0 where there is no error. */
export function errorCodeOf(status: number, error: NetworkError | null): number {
  if (error) return error.code;
  return status >= 400 && status < 600 ? 1_000 + status : 0;
}

/**
 * The tags of a request. Requests that are alike share one object: most scripts send few kinds of them, and tags cost more
 * to make than all that is measured.
 */
function tagsOf(vu: Vu, request: MeasuredRequest): Tags {
  const { method, url, name, status, error, expected, tlsVersion, ip, tags } = request;
  for (const _ in tags) return makeTags(vu, request);
  const known = vu.tags.derived;
  const key = `${status}${expected}${method} ${url}\n${name}\n${tlsVersion}${ip}${error ? error.code + error.message : ''}`;
  let made = known.get(key);
  if (made === undefined) {
    made = makeTags(vu, request);
    if (known.size >= MOST_KINDS) known.clear();
    known.set(key, made);
  }
  return made;
}

function makeTags(vu: Vu, request: MeasuredRequest): Tags {
  const tags: Record<string, string> = { ...vu.tags.current, ...request.tags };
  const enabled = vu.test.options.systemTags;
  const set = (name: string, value: string) => {
    if (value !== '' && enabled.has(name)) tags[name] = value;
  };
  const name = request.name || request.tags.name || '';
  const errorCode = errorCodeOf(request.status, request.error);
  if (!enabled.has('name')) delete tags.name;
  set('method', request.method);
  set('url', name || request.url);
  set('name', name || request.url);
  set('status', String(request.status));
  set('proto', request.status > 0 ? 'HTTP/1.1' : '');
  set('error', request.error?.message ?? '');
  set('error_code', errorCode === 0 ? '' : String(errorCode));
  set('expected_response', request.expected === undefined ? '' : String(request.expected));
  set('tls_version', request.tlsVersion);
  set('ip', request.ip);
  return tags;
}
