import type { Request, RequestHandler } from 'express';
import { Refusal } from '../base/refusal.ts';
import { isToken } from '../base/token.ts';

/** Returns the header that contains the token. */
export const bearer = (token: string): { authorization: string } => ({ authorization: `Bearer ${token}` });

/** Reads the token from a request. */
type TokenOf = (request: Request) => string;

/** Reads the token from `Authorization: Bearer …`. Pages from other origins can't send this header. */
export const inHeader: TokenOf = ({ headers }) => /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';

/** Reads the token from the first path segment, so that a browser can open a page using only its URL. */
export const inPath: TokenOf = ({ path }) => path.split('/')[1] ?? '';

/**
 * Returns middleware that accepts a request only if its Host is a loopback name of this server, its Origin (if any) is
 * this server's own, and it contains the token. This keeps out pages from other origins, host names that resolve to
 * 127.0.0.1 (DNS rebinding), and other users on the machine.
 *
 * @param tokenOf `inHeader` or `inPath`.
 * @throws Refusal `foreign-host`, `foreign-origin` or `wrong-token` (403)
 */
export function guard(token: string, tokenOf: TokenOf): RequestHandler {
  return (request, _response, next) => {
    const { host = '', origin } = request.headers;
    const [, port] = /^(?:127\.0\.0\.1|localhost):(\d+)$/.exec(host) ?? [];
    const { localPort } = request.socket;
    if (port !== String(localPort)) {
      const allowed = `127.0.0.1:${localPort}, localhost:${localPort}`;
      throw new Refusal('foreign-host', `host "${host}" is refused; allowed: ${allowed}`, 403);
    }
    if (origin !== undefined && origin !== `http://${host}`) {
      throw new Refusal('foreign-origin', `origin "${origin}" is refused; allowed: http://${host}`, 403);
    }
    if (!isToken(tokenOf(request), token)) {
      throw new Refusal(
        'wrong-token',
        'the request does not have the token of this lab; allowed: the token from its ready line',
        403,
      );
    }
    next();
  };
}
