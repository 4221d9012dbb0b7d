import type { Stream } from '../../contract/schema/stream.ts';
import type { History } from '../../history/history.ts';
import type { Facts } from '../lib/checker.ts';
import { type FailingCalls, failingCalls } from './failing-calls.ts';

/** Calls that meet a failing upstream, to an endpoint whose answer is a stream. */
export interface FailingStreams extends FailingCalls {
  readonly promise: Stream;
  /** Why these calls prove nothing, or undefined if they do. */
  readonly why: string | undefined;
}

/**
 * Returns the calls to endpoints with streams that meet a failing upstream. An endpoint may also reach upstreams whose
 * responses are no streams. They are omitted, unless all of its upstreams are like that.
 */
export function failingStreams(history: History, { contract: { endpoints } }: Facts): FailingStreams[] {
  const all = failingCalls(history).flatMap((calls) => {
    const promise = endpoints[calls.endpoint]?.stream;
    return promise ? [{ ...calls, promise, isStream: isStream(history, calls) }] : [];
  });
  const streaming = new Set(all.filter((one) => one.isStream).map(({ endpoint }) => endpoint));
  return all
    .filter(({ isStream, endpoint }) => isStream || !streaming.has(endpoint))
    .map(({ isStream, ...calls }) => ({
      ...calls,
      why: isStream ? whyNotFelt(calls) : `${calls.upstream} ${NO_STREAM}`,
    }));
}

export const NO_STREAM = 'sent no event stream that could be cut off';

const whyNotFelt = ({ isFelt, upstream }: FailingCalls): string | undefined =>
  isFelt ? undefined : `the fault acted on no request to ${upstream}`;

/** Whether the upstream's response to this endpoint is an event stream: the fault that cuts one off has done so. */
export function isStream(
  history: History,
  { upstream, endpoint }: Pick<FailingCalls, 'upstream' | 'endpoint'>,
): boolean {
  const phases = history.phases('failing', { upstream, fault: 'cut-stream', endpoint });
  return history.receiptsIn(phases, upstream).some(({ outcome }) => outcome === 'cut');
}
