/** One request on the way to an answer. */
export interface Hop {
  readonly method: string;
  readonly url: URL;
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
  const target = [location].flat()[0];
  if (target === undefined || !URL.canParse(target, hop.url.href)) return null;
  const url = new URL(target, hop.url);
  if (status === 307 || status === 308) return { ...hop, url };
  if (status !== 301 && status !== 302 && status !== 303) return null;
  const keeps = hop.method === 'GET' || hop.method === 'HEAD';
  return { method: keeps ? hop.method : 'GET', url, bytes: null, contentType: undefined };
}
