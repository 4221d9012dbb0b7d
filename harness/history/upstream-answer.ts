import type { Receipt } from './events.ts';

/** Says how an upstream responded to a request, with the reason if nothing there could handle it. */
export const upstreamAnswer = ({ upstream, status, route, unserved }: Receipt): string =>
  `${upstream} answered ${status} to ${route}${unserved === undefined ? '' : `: ${unserved}`}`;
