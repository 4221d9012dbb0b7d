import { type Target, toTarget } from './target.ts';

/** One request on the way to an answer. */
export interface Hop {
  readonly method: string;
  readonly target: Target;
  readonly bytes: Uint8Array | null;
  readonly contentType: string | undefined;
}

/**
 * Where a redirect leads. 301, 302 and 303 make a GET without a body of everything but GET and HEAD; 307 and 308 keep
 * method and body, as Go does (golden record 60).
 *
 * @param location The Location header.
 * @returns null where the status is no redirect, or says no place.
 */
export function nextHop(hop: Hop, status: number, location: string | readonly string[] | undefined): Hop | null {
  if (location === undefined) return null;
  const place = [location].flat()[0];
  if (place === undefined || !URL.canParse(place, hop.target.href)) return null;
  const target = toTarget(new URL(place, hop.target.url));
  if (status === 307 || status === 308) return { ...hop, target };
  if (status !== 301 && status !== 302 && status !== 303) return null;
  const keeps = hop.method === 'GET' || hop.method === 'HEAD';
  return { method: keeps ? hop.method : 'GET', target, bytes: null, contentType: undefined };
}
