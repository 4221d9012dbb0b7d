/** The statuses of redirects that clients follow. */
export const REDIRECTIONS = [301, 302, 303, 307, 308] as const;

type Redirection = (typeof REDIRECTIONS)[number];

/**
 * Maximum number of hops of an endless redirect. It is far more than any client follows by default (curl and .NET: 50),
 * so that a client without a limit is noticed and still comes to an end.
 */
const MOST_HOPS = 500;

/** Returns a redirect to another place. */
export const moved = (status: Redirection, location: string): Response =>
  new Response(`Moved to ${location}`, { status, headers: { 'content-type': 'text/plain', location } });

/** Returns a redirect that does not end: `nextHop` responds to it with another one. */
export const movedEndlessly = (status: Redirection, location: string, hops = 1): Response =>
  moved(status, `${location}?${new URLSearchParams({ status: String(status), hops: String(hops) })}`);

/** Returns the next hop of an endless redirect, or undefined if the request is not part of one or it is over. */
export function nextHop(target: string): Response | undefined {
  const [path = '', query] = target.split('?', 2);
  const parameters = new URLSearchParams(query);
  const status = REDIRECTIONS.find((candidate) => String(candidate) === parameters.get('status'));
  const hops = Number(parameters.get('hops'));
  return status === undefined || !(hops < MOST_HOPS) ? undefined : movedEndlessly(status, path, hops + 1);
}
