import { type Series, toEpoch } from '../metrics/collector.ts';
import type { Tags } from '../metrics/tags.ts';
import type { NetworkError } from '../net/network-error.ts';
import type { RequestTraits } from '../net/request-kinds.ts';
import type { Timings } from '../net/timings.ts';
import type { Vu } from '../vu/vu.ts';

/** A request that was sent, with everything that its samples record. */
export interface MeasuredRequest extends RequestTraits {
  /** When the request ended, on the `performance.now()` clock. */
  readonly time: number;
  /** The VU's tags and metadata when the script made the request. */
  readonly vuTags: Tags;
  readonly metadata: Tags | undefined;
  readonly timings: Timings;
}

/** Records a request in the http_req* metrics with the same tags as k6 (golden records 37, 40 and 42). */
export function recordRequest(vu: Vu, request: MeasuredRequest): void {
  const { collector } = vu.test;
  const { lateness } = vu;
  const { timings, metadata } = request;
  const time = collector.isHeard ? toEpoch(request.time) : undefined;
  const [reqs, duration, blocked, connecting, tls, sending, waiting, receiving, failed, intended] = seriesOf(
    vu,
    request,
  );
  collector.record(reqs as Series, 1, metadata, time);
  collector.record(duration as Series, timings.duration, metadata, time);
  collector.record(blocked as Series, timings.blocked, metadata, time);
  collector.record(connecting as Series, timings.connecting, metadata, time);
  collector.record(tls as Series, timings.tls_handshaking, metadata, time);
  collector.record(sending as Series, timings.sending, metadata, time);
  collector.record(waiting as Series, timings.waiting, metadata, time);
  collector.record(receiving as Series, timings.receiving, metadata, time);
  if (intended && lateness !== null)
    collector.record(intended, lateness + timings.blocked + timings.duration, metadata, time);
  if (request.expected !== undefined) collector.record(failed as Series, request.expected ? 0 : 1, metadata, time);
}

/** Returns k6's `error_code`: 1000 plus the status for statuses from 400, or 0 if there was no error. */
export function errorCodeOf(status: number, error: NetworkError | null): number {
  if (error) return error.code;
  return status >= 400 && status < 600 ? 1_000 + status : 0;
}

/** Returns the time series of all request metrics in the order in which their values are recorded. */
function seriesOf(vu: Vu, request: MeasuredRequest): readonly Series[] {
  const { collector, metrics, strictMetrics } = vu.test;
  const make = () => {
    const tags = makeTags(vu, request);
    return [
      metrics.httpReqs,
      metrics.httpReqDuration,
      metrics.httpReqBlocked,
      metrics.httpReqConnecting,
      metrics.httpReqTls,
      metrics.httpReqSending,
      metrics.httpReqWaiting,
      metrics.httpReqReceiving,
      metrics.httpReqFailed,
      ...(strictMetrics ? [strictMetrics.httpReqIntendedDuration] : []),
    ].map((metric) => collector.series(metric, tags));
  };
  return vu.requestKinds.seriesOf(request.vuTags, request, make);
}

function makeTags(vu: Vu, request: MeasuredRequest): Tags {
  const tags: Record<string, string> = { ...request.vuTags, ...request.tags };
  const enabled = vu.test.options.systemTags;
  const set = (name: string, value: string) => {
    if (value !== '' && enabled.has(name)) tags[name] = value;
  };
  const errorCode = errorCodeOf(request.status, request.error);
  // A `name` tag that the script sets takes precedence, even if it is empty or was set for the whole VU.
  const { name = request.name || request.url } = tags;
  if (enabled.has('name')) tags.name = name;
  if (enabled.has('url')) tags.url = name;
  set('method', request.method);
  set('status', String(request.status));
  set('proto', request.proto);
  set('error', request.error?.message ?? '');
  set('error_code', errorCode === 0 ? '' : String(errorCode));
  set('expected_response', request.expected === undefined ? '' : String(request.expected));
  set('tls_version', request.tlsVersion);
  set('ip', request.ip);
  return tags;
}
