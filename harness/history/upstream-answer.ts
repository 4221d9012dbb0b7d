import type { Receipt } from './events.ts';

/** Says how an upstream responded to a request or a connection, with the reason if nothing there could handle it. */
export function upstreamAnswer({ kind, upstream, status, route, unserved, outcome }: Receipt): string {
  const why = unserved === undefined ? '' : `: ${unserved}`;
  if (kind === 'connection') return `${upstream} closed a connection${why}`;
  return typeof status === 'number'
    ? `${upstream} answered ${status} to ${route}${why}`
    : `${upstream} did not answer ${route} (${outcome})${why}`;
}
