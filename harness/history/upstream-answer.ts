import type { ConnectionReceipt, RequestReceipt } from './events.ts';

/** Says how an upstream responded to a request or a connection, with the reason if nothing there could handle it. */
export function upstreamAnswer(receipt: RequestReceipt | ConnectionReceipt): string {
  const { upstream, unserved } = receipt;
  const why = unserved === undefined ? '' : `: ${unserved}`;
  if (receipt.kind === 'connection') return `${upstream} did not answer on a connection${why}`;
  const { status, route, outcome } = receipt;
  return typeof status === 'number'
    ? `${upstream} answered ${status} to ${route}${why}`
    : `${upstream} did not answer ${route} (${outcome})${why}`;
}
