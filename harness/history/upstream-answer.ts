import type { ConnectionReceipt, RequestReceipt } from './events.ts';

/**
 * Says how an upstream responded to a request or a connection, with its own error if it rejected the request, and with
 * the reason if nothing there could handle it.
 */
export function upstreamAnswer(receipt: RequestReceipt | ConnectionReceipt): string {
  const { upstream, unserved } = receipt;
  const why = unserved === undefined ? '' : `: ${unserved}`;
  if (receipt.kind === 'connection') return `${upstream} did not answer on a connection${why}`;
  const { status, route, outcome, refusal } = receipt;
  const error = refusal === undefined ? '' : `: ${[refusal.code, refusal.message].filter(Boolean).join(': ')}`;
  return typeof status === 'number'
    ? `${upstream} answered ${status} to ${route}${error}${why}`
    : `${upstream} did not answer ${route} (${outcome})${why}`;
}
