import { count } from '../../base/in-words.ts';
import type { RequestReceipt } from '../../history/events.ts';

const DRIPPED = /(^|[:/])drip$/;

const isDripped = ({ faults }: RequestReceipt): boolean => faults.some((fault) => DRIPPED.test(fault));
const lasted = ({ at, endedAt }: RequestReceipt): number => (endedAt ?? Number.POSITIVE_INFINITY) - at;

/**
 * Returns the likely cause of calls that take longer than their timeout, from how long their requests lasted at the
 * upstream, or undefined if that does not tell.
 *
 * @param slow All requests of these calls, and of others of the same endpoint, that met a slow upstream.
 * @param about.calls How many calls were too late, and their requests.
 * @param about.latestMs How long a request with this timeout lasts at most, in milliseconds.
 */
export function whyTooLong(
  slow: readonly RequestReceipt[],
  about: { upstream: string; calls: number; requests: number; latestMs: number },
): string | undefined {
  const isLate = (receipt: RequestReceipt): boolean => lasted(receipt) > about.latestMs;
  const [dripped, silent] = [slow.filter(isDripped), slow.filter((receipt) => !isDripped(receipt))];
  if (dripped.some(isLate) && silent.length > 0 && !silent.some(isLate)) {
    return (
      'The timeout covers only the headers, or restarts with each read: requests without an answer end in time, and ' +
      'requests whose answer comes in small pieces do not.'
    );
  }
  if (about.calls > 0 && about.requests > about.calls && !slow.some(isLate)) {
    return `Retries multiply the timeout: ${count(about.calls, 'call')} made ${count(about.requests, 'request')} to ${about.upstream}, and each of them ended in time.`;
  }
  if (silent.length > 0 && silent.every(isLate)) {
    return `The calls to ${about.upstream} have no timeout, or a longer one than promised: no request without an answer was given up in time.`;
  }
  return undefined;
}
