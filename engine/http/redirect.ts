import type { NetworkError } from '../net/network-error.ts';
import { resolveUrl } from '../net/resolve-url.ts';
import { type Target, toTarget } from '../net/target.ts';

/** The destination of a redirect. */
export interface Redirect {
  readonly method: string;
  readonly target: Target;
  readonly keepsBody: boolean;
  /** Whether the Location header includes a host. */
  readonly isAbsolute: boolean;
}

/**
 * Parses a redirect response. 301, 302 and 303 turn every method except GET and HEAD into a GET without a body. 307 and
 * 308 keep the method and body, as in Go (golden record 60).
 *
 * @param location The Location header.
 * @returns null if the status is not a redirect or there is no Location header, or an error if it is not a valid URL.
 */
export function readRedirect(
  hop: { readonly method: string; readonly target: Target },
  status: number,
  location: string | readonly string[] | undefined,
): Redirect | NetworkError | null {
  const keepsBody = status === 307 || status === 308;
  if (!(keepsBody || status === 301 || status === 302 || status === 303)) return null;
  const place = [location ?? []].flat()[0] ?? '';
  if (place === '') return null;
  const keepsMethod = keepsBody || hop.method === 'GET' || hop.method === 'HEAD';
  try {
    const target = toTarget(resolveUrl(hop.target.url, place));
    return {
      method: keepsMethod ? hop.method : 'GET',
      target,
      keepsBody,
      isAbsolute: /^[a-z][a-z\d+\-.]*:/i.test(place),
    };
  } catch (error) {
    const message = `failed to parse Location header ${JSON.stringify(place)}: ${(error as Error).message}`;
    return { message, code: 1000 };
  }
}
